"""Numbers of a sentence with what they count: money, shares, spans of time, dates, counts.

A value is in the base unit of its kind ("a month" and "30-day" are both 720 hours, "half a billion
dollars" is 5e8 dollars), so that equal things compare equal whatever they are written like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.novelty.words import CLOCK, Token, lexicon


def _split(words: str) -> list[str]:
    return words.split()


_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_WORDS = {word: float(n) for n, word in enumerate(_ONES.split())} | {
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "dozen": 12,
}
_TENS = {
    word: (n + 2) * 10.0
    for n, word in enumerate(_split("twenty thirty forty fifty sixty seventy eighty ninety"))
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"mln": 1e6, "mn": 1e6, "bln": 1e9, "bn": 1e9, "tn": 1e12, "dozen": 12.0}
_MONEY_SCALES = {"k": 1e3, "m": 1e6}  # behind money alone: 300m may be a distance
_ORDINALS = {
    word: float(n + 1)
    for n, word in enumerate(
        _split("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
    )
}
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "fortnight": 336, "month": 720}
_HOURS |= {"year": 8760, "decade": 87600}
_METRES = {
    "m": 1,
    "metre": 1,
    "meter": 1,
    "kilometre": 1e3,
    "kilometer": 1e3,
    "km": 1e3,
    "mile": 1609,
}
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "dollar": "dollar", "euro": "euro"}
_CURRENCIES |= {
    "pound": "pound",
    "ruble": "ruble",
    "rouble": "ruble",
    "rial": "rial",
    "cent": "cent",
}
_HARM = ("kill", "wound")  # "no casualties" is a figure
_WEEKDAYS = _split("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = _split("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:[.,]\d+)?")
_CLOCK = re.compile(CLOCK)
_CLOCK_PARTS = re.compile(r"(\d\d?)[:.]?(\d\d)?\s*([ap]?)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of one kind. `context` holds the meanings of the words around it: what it counts.

    `reported` marks a day or time at which something was said, not one at which it happened.
    """

    kind: str
    value: float
    text: str
    context: frozenset[str]
    reported: bool


def quantities(words: Sequence[Token]) -> tuple[Quantity, ...]:
    """All quantities, dates and times in `words`, in order."""
    found: list[Quantity] = []
    index = 0
    last = -2
    while index < len(words):
        match = _date(words, index) or _number(words, index)
        if match is None:
            index += 1
            continue
        kind, value, end = match
        text = _printed(words[index:end])
        before = {word.norm for word in words[max(0, index - 2) : index]}
        goes_on = index <= last + 1 and found[-1].reported  # "said on Monday, 4 May at 10:30"
        reported = goes_on or bool(before & lexicon().reporting)
        found.append(Quantity(kind, value, text, _context(words, index, end), reported))
        index = last = end
    return tuple(found)


def _printed(words: Sequence[Token]) -> str:
    text = " ".join(word.text for word in words)
    return text.replace(" %", "%").replace("$ ", "$").replace("€ ", "€").replace("£ ", "£")


def _lower(words: Sequence[Token], index: int) -> str:
    return words[index].text.lower() if 0 <= index < len(words) else ""


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _date(words: Sequence[Token], index: int) -> tuple[str, float, int] | None:
    word = _lower(words, index)
    if word in _WEEKDAYS or _singular(word) in _WEEKDAYS:
        return "weekday", float(_WEEKDAYS.index(_singular(word))), index + 1
    if _is_month(words, index) and _day(_lower(words, index + 1)):
        return "date", _day_of_year(word, _lower(words, index + 1)), index + 2
    if _day(word) and _is_month(words, index + 1):
        return "date", _day_of_year(_lower(words, index + 1), word), index + 2
    if _CLOCK.fullmatch(words[index].text):
        return "clock", _minutes(word), index + 1
    return None


def _minutes(clock: str) -> float:
    """Minutes since midnight; 12 a.m. is midnight and 12 p.m. noon."""
    parts = _CLOCK_PARTS.match(clock)
    assert parts
    hour, minute, half = int(parts[1]), int(parts[2] or 0), parts[3]
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    return hour * 60.0 + minute


def _is_month(words: Sequence[Token], index: int) -> bool:
    return (
        index < len(words)
        and words[index].text[0].isupper()
        and _MONTH.fullmatch(_lower(words, index).rstrip(".")) is not None
    )


def _day(word: str) -> int:
    """A day of the month, or 0."""
    digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(digits[1]) if digits and 1 <= int(digits[1]) <= 31 else 0


def _day_of_year(month: str, day: str) -> float:
    return _MONTHS.index(month[:3]) * 31.0 + _day(day)


def _number(words: Sequence[Token], index: int) -> tuple[str, float, int] | None:
    currency = _CURRENCIES.get(_lower(words, index)) if words[index].text in "$€£" else None
    start = index + (currency is not None)
    ordinal = _ordinal(words, start)
    if ordinal is not None:
        return "ordinal", ordinal, start + 1
    value, end = _value(words, start)
    if value is None:
        return None
    if currency:
        scale = _MONEY_SCALES.get(_lower(words, end))
        return (currency, value, end) if scale is None else (currency, value * scale, end + 1)
    return _with_unit(words, value, start, end)


def _ordinal(words: Sequence[Token], index: int) -> float | None:
    word = _lower(words, index)
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
        return float(word[:-2])
    if _lower(words, index - 1) in ("one", "a", "two") and _singular(word) in _FRACTIONS:
        return None
    return _ORDINALS.get(word)


def _value(words: Sequence[Token], index: int) -> tuple[float | None, int]:
    """The number that begins at `index`, with its scale ("two million"), and where it ends."""
    word = _lower(words, index)
    nothing = None, index
    if _NUMBER.fullmatch(word):
        value, end = float(_plain(word)), index + 1
    elif word in _TENS:
        ones = _WORDS.get(_lower(words, index + 1), 0.0)
        joined = 0 < ones < 10
        value, end = _TENS[word] + ones * joined, index + 1 + joined
    elif word == "no" and index + 1 < len(words) and words[index + 1].norm in _HARM:
        return 0.0, index + 1
    elif word in _WORDS:
        value, end = _WORDS[word], index + 1
    elif word in ("a", "an", "half") and _opens_number(words, index):
        value, end = (0.5 if word == "half" else 1.0), index + 1
        end += _lower(words, end) == "a"
    else:
        return nothing
    scaled = False
    while (scale := _SCALES.get(_singular(_lower(words, end)))) is not None:
        value, end, scaled = value * scale, end + 1, True
    if not scaled and word in ("one", "a", "two", "three"):
        part = _FRACTIONS.get(_singular(_lower(words, end)))
        if part is not None:
            return value * part, end + 1
    return value, end


def _opens_number(words: Sequence[Token], index: int) -> bool:
    """Whether "a" or "half" counts: "a dozen", "a month", "half a billion", "a quarter of"."""
    after = _singular(_lower(words, index + 1))
    if words[index].text.lower() == "half":
        after = _singular(_lower(words, index + 2)) if after == "a" else after
        return after in _SCALES or after in _HOURS
    of = _lower(words, index + 2)
    return after in _SCALES or after in _HOURS or (after in _FRACTIONS and of in ("of", "the"))


def _plain(word: str) -> str:
    """Thousands parted by commas, decimals by a point or a lone comma."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", word):
        return word.replace(",", "")
    return word.replace(",", ".") if word.count(",") == 1 else word.replace(",", "")


def _with_unit(
    words: Sequence[Token], value: float, start: int, end: int
) -> tuple[str, float, int]:
    end += _lower(words, end) in ("more", "further", "full", "straight", "additional")
    unit = _singular(_lower(words, end))
    if unit in ("%", "percent", "percentage"):
        return "percent", value, end + 1
    if unit == "per" and _lower(words, end + 1) == "cent":
        return "percent", value, end + 2
    if unit in _CURRENCIES:
        return _CURRENCIES[unit], value, end + 1
    if unit in _HOURS and not _is_age(words, end):
        return "hours", value * _HOURS[unit], end + 1
    if unit in _METRES:
        return "metres", value * _METRES[unit], end + 1
    if end == start + 1 and re.fullmatch(r"(?:19|20)\d\d", _lower(words, start)):
        return "year", value, end
    return "count", value, end


def _is_age(words: Sequence[Token], index: int) -> bool:
    return _lower(words, index + 1) == "old"


def _context(words: Sequence[Token], start: int, end: int) -> frozenset[str]:
    """Content words near the number: two before it, four behind it."""
    stop = lexicon().stop
    near = [*words[max(0, start - 2) : start], *words[end : end + 4]]
    return frozenset(
        word.norm for word in near if word.text.lower() not in stop and word.text[0].isalpha()
    )

"""Numbers of a sentence with what they count: money, shares, spans of time, dates, counts.

A value is in the base unit of its kind ("a month" and "30-day" are both 720 hours, "half a billion
dollars" is 5e8 dollars), so that equal things compare equal whatever they are written like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.novelty.dates import date_at
from models.novelty.harm import harm_at, nobody
from models.novelty.numerals import (
    HOURS,
    NUMBER,
    YEAR,
    Found,
    is_and_a_half,
    lower,
    many,
    ordinal,
    plain,
    singular,
    value_at,
)
from models.novelty.words import Token, lexicon

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
_MONEY_SCALES = {"k": 1e3, "m": 1e6}  # behind money alone: 300m may be a distance
_SIGNS = ("$", "€", "£")
MONEY = frozenset(_CURRENCIES.values()) - {"cent"}
_ISO_DATE = re.compile(r"\d{4} \d\d \d\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of one kind. `context` holds the meanings of the words around it: what it counts.

    `reported` marks a day or time at which something was said, not one at which it happened.
    `harm` is the meaning of "killed" or "wounded" where that is what was done to a number.
    """

    kind: str
    value: float
    text: str
    context: frozenset[str]
    reported: bool
    harm: str | None = None


def quantities(words: Sequence[Token]) -> tuple[Quantity, ...]:
    """All quantities, dates and times in `words`, in order."""
    found: list[Quantity] = []
    index = 0
    last = -2
    told = -1  # the last word that said what became of a number
    while index < len(words):
        match = date_at(words, index) or _range_start(words, index) or _number(words, index)
        if match is None:
            index += 1
            continue
        kind, value, end = match
        harm = harm_at(words, index, end, told) if kind in ("count", "many") else None
        told = told if harm is None else harm
        text = _printed(words[index:end])
        before = {word.norm for word in words[max(0, index - 2) : index]}
        goes_on = index <= last + 1 and found[-1].reported  # "said on Monday, 4 May at 10:30"
        reported = goes_on or bool(before & lexicon().reporting)
        norm = None if harm is None else words[harm].norm
        found.append(Quantity(kind, value, text, _context(words, index, end), reported, norm))
        index = last = end
    return tuple(found)


def _printed(words: Sequence[Token]) -> str:
    text = " ".join(word.text for word in words)
    if _ISO_DATE.fullmatch(text):
        return text.replace(" ", "-")
    return text.replace(" %", "%").replace("$ ", "$").replace("€ ", "€").replace("£ ", "£")


def _range_start(words: Sequence[Token], index: int) -> Found | None:
    """The first number of "$5-6 billion" or "20 to 30 percent", which has its unit from the second.

    Only "between" makes a range of "20 and 30"; a hyphen leaves no word between the two.
    """
    sign = words[index].text if words[index].text in _SIGNS else ""
    start = index + bool(sign)
    if not NUMBER.fullmatch(lower(words, start)) or YEAR.fullmatch(lower(words, start)):
        return None
    joint = lower(words, start + 1)
    between = joint == "and" and lower(words, start - 1) == "between"
    last = start + 1 + (joint in ("to", "or") or between)
    if not NUMBER.fullmatch(lower(words, last)):
        return None
    found = _number(words, last)
    if found is None or found[2] == last + 1:
        return None
    kind, value, _ = found
    unit = value / float(plain(lower(words, last)))
    return _CURRENCIES.get(sign, kind), float(plain(lower(words, start))) * unit, start + 1


def _currency_of_range(words: Sequence[Token], index: int) -> str | None:
    """The currency of "6 billion" in "$5-6 billion", whose sign stands before the first number."""
    first = index - 1 - (lower(words, index - 1) in ("to", "or"))
    if first < 1 or words[first - 1].text not in _SIGNS:
        return None
    numbers = NUMBER.fullmatch(words[first].text) and NUMBER.fullmatch(words[index].text)
    return _CURRENCIES[words[first - 1].text] if numbers else None


def _number(words: Sequence[Token], index: int) -> Found | None:
    signed = words[index].text in _SIGNS
    start = index + signed
    currency = _CURRENCIES[words[index].text] if signed else _currency_of_range(words, index)
    found = ordinal(words, start) or many(words, start)
    if found is not None:
        return found
    if (end := nobody(words, start)) is not None:
        return "count", 0.0, end
    value, end = value_at(words, start)
    if value is None:
        return None
    if currency:
        scale = _MONEY_SCALES.get(lower(words, end))
        return (currency, value, end) if scale is None else (currency, value * scale, end + 1)
    return _with_unit(words, value, start, end)


def _with_unit(words: Sequence[Token], value: float, start: int, end: int) -> Found:
    end += lower(words, end) in ("more", "further", "full", "straight", "additional")
    unit = singular(lower(words, end))
    if unit in ("%", "percent", "percentage"):
        return "percent", value, end + 1
    if unit == "per" and lower(words, end + 1) == "cent":
        return "percent", value, end + 2
    if unit in _CURRENCIES:
        return _CURRENCIES[unit], value, end + 1
    if unit in HOURS and not _is_age(words, end):
        half = is_and_a_half(words, end + 1)  # "an hour and a half"
        return "hours", (value + 0.5 * half) * HOURS[unit], end + 1 + 3 * half
    if unit in _METRES:
        return "metres", value * _METRES[unit], end + 1
    if end == start + 1 and YEAR.fullmatch(lower(words, start)):
        return "year", value, end
    return "count", value, end


def _is_age(words: Sequence[Token], index: int) -> bool:
    return lower(words, index + 1) == "old"


def _context(words: Sequence[Token], start: int, end: int) -> frozenset[str]:
    """Content words near the number: two before it, four behind it."""
    stop = lexicon().stop
    near = [*words[max(0, start - 2) : start], *words[end : end + 4]]
    return frozenset(
        word.norm for word in near if word.text.lower() not in stop and word.text[0].isalpha()
    )

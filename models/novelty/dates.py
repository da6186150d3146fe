"""Days, months and times of day, each as one number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.novelty.numerals import YEAR, Found, lower, singular
from models.novelty.words import CLOCK, Token

_WEEKDAYS = str.split("monday tuesday wednesday thursday friday saturday sunday")
_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CLOCK = re.compile(CLOCK)
_CLOCK_WORDS = {"noon": 720.0, "midday": 720.0, "midnight": 0.0}
# Before a month without a day: "in May", unlike "May said" and "may say".
_BEFORE_MONTH = frozenset(
    str.split(
        "in by until till since from before after early late mid next last this through end of"
    )
)
_TWO_DIGITS = re.compile(r"\d\d")
_CLOCK_PARTS = re.compile(r"(\d\d?)[:.]?(\d\d)?\s*([ap]?)")


def date_at(words: Sequence[Token], index: int) -> Found | None:
    word = lower(words, index)
    if word in _WEEKDAYS or singular(word) in _WEEKDAYS:
        return "weekday", float(_WEEKDAYS.index(singular(word))), index + 1
    if _is_month(words, index) and _day(lower(words, index + 1)):
        return "date", _day_of_year(word, lower(words, index + 1)), index + 2
    month = index + 1 + (lower(words, index + 1) == "of")  # "the 5th of May"
    if _day(word) and _is_month(words, month):
        return "date", _day_of_year(lower(words, month), word), month + 1
    if _is_month(words, index) and lower(words, index - 1) in _BEFORE_MONTH:
        return "month", float(_MONTHS.index(word[:3])), index + 1
    if _CLOCK.fullmatch(words[index].text):
        return "clock", _minutes(word), index + 1
    if word in _CLOCK_WORDS:
        return "clock", _CLOCK_WORDS[word], index + 1
    return _iso_date(words, index)


def _iso_date(words: Sequence[Token], index: int) -> Found | None:
    """ "2026-05-12", of which the year is left out, as in other dates."""
    year, month, day = (lower(words, at) for at in range(index, index + 3))
    is_date = YEAR.fullmatch(year) and _TWO_DIGITS.fullmatch(month) and _TWO_DIGITS.fullmatch(day)
    if not is_date or not 1 <= int(month) <= 12 or not _day(day):
        return None
    return "date", _day_of_year(_MONTHS[int(month) - 1], day), index + 3


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
        and _MONTH.fullmatch(lower(words, index).rstrip(".")) is not None
    )


def _day(word: str) -> int:
    """A day of the month, or 0."""
    digits = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(digits[1]) if digits and 1 <= int(digits[1]) <= 31 else 0


def _day_of_year(month: str, day: str) -> float:
    return _MONTHS.index(month[:3]) * 31.0 + _day(day)

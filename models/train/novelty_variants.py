"""Minimal pairs for `changed`: a sentence that repeats an earlier one, with one value moved."""

from __future__ import annotations

import random
import re

_DIGITS = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
_ROWS = (
    "two three four five six seven eight nine ten eleven twelve",
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "hundred thousand million billion",
    "dozen score",
    "second third fourth fifth sixth seventh",
    "monday tuesday wednesday thursday friday saturday sunday",
    "january february march april june july august september october november december",
    "moscow kyiv tehran jerusalem washington geneva vienna doha cairo istanbul muscat ankara",
    "russian ukrainian iranian israeli american british french german turkish qatari egyptian",
    "russia ukraine iran israel britain france germany turkey qatar egypt",
    "killed wounded",
    "north south east west",
    "northern southern eastern western",
    "morning evening",
)
_TURNS = (
    "rose fell",
    "higher lower",
    "up down",
    "above below",
    "more less",
    "accepted rejected",
    "agreed refused",
    "confirmed denied",
    "began ended",
    "resumed halted",
    "opened closed",
    "increased reduced",
    "before after",
    "released seized",
    "backed opposed",
    "lifted imposed",
    "arrived left",
)
_OTHERS = {
    word: [other for other in row.split() if other != word]
    for row in (*_ROWS, *_TURNS)
    for word in row.split()
}
_WORDS = re.compile(r"\b(?:" + "|".join(sorted(_OTHERS, key=len, reverse=True)) + r")\b", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")


def moved(text: str, draw: random.Random) -> str | None:
    """`text` with one of its figures, days, places or directions moved; None where it has none."""
    digits, words = list(_DIGITS.finditer(text)), list(_WORDS.finditer(text))
    if not digits and not words:
        return None
    chosen = draw.choice(digits or words if draw.random() < 0.5 else words or digits)
    value = chosen.group()
    other = _number(value, draw) if value[0].isdigit() else _word(value, draw)
    return text[: chosen.start()] + other + text[chosen.end() :]


def _word(word: str, draw: random.Random) -> str:
    other = draw.choice(_OTHERS[word.lower()])
    return other.capitalize() if word[0].isupper() else other


def _number(text: str, draw: random.Random) -> str:
    """Another number of the same form: a few units or some tenths away."""
    if _YEAR.fullmatch(text):
        return str(int(text) + draw.choice((-3, -2, -1, 1, 2)))
    places = len(text.partition(".")[2])
    value = float(text.replace(",", ""))
    step = max(10.0**-places, round(value * draw.uniform(0.05, 0.6), places))
    other = value + step if draw.random() < 0.5 or step >= value else value - step
    return f"{other:,.{places}f}" if "," in text else f"{other:.{places}f}"

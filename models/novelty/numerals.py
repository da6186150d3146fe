"""Numbers in figures and in words, without what they count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.novelty.words import Token, lexicon

Found = tuple[str, float, int]  # kind, value, and the index behind the last word

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
WORDS = {word: float(n) for n, word in enumerate(_ONES.split())} | {
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "dozen": 12,
}
TENS = {
    word: (n + 2) * 10.0
    for n, word in enumerate(str.split("twenty thirty forty fifty sixty seventy eighty ninety"))
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"mln": 1e6, "mn": 1e6, "bln": 1e9, "bn": 1e9, "tn": 1e12, "dozen": 12.0}
_ORDINALS = {
    word: float(n + 1)
    for n, word in enumerate(
        str.split(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
            " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
        )
    )
}
_ORDINALS |= {f"{word[:-1]}ieth": value for word, value in TENS.items()}
# "Dozens of", which are more than tens and fewer than hundreds: a figure of its own kind.
MANY = {"tens": 10.0, "dozens": 24.0, "scores": 40.0, "hundreds": 1e2, "thousands": 1e3}
MANY |= {"millions": 1e6, "billions": 1e9}
_MANY_OF = ("tens", "scores")  # words of other meanings too, unless "of" follows
_EVERY = ("any", "each", "every", "no", "this", "that", "which")  # before "one", no number
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "fortnight": 336, "month": 720}
HOURS |= {"year": 8760, "decade": 87600}
YEAR = re.compile(r"(?:19|20)\d\d")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:[.,]\d+)?")


def lower(words: Sequence[Token], index: int) -> str:
    return words[index].text.lower() if 0 <= index < len(words) else ""


def singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def ordinal(words: Sequence[Token], index: int) -> Found | None:
    word = lower(words, index)
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
        return "ordinal", float(word[:-2]), index + 1
    ones = _ORDINALS.get(lower(words, index + 1), 10.0)
    if word in TENS and ones < 10:  # "twenty-first"
        return "ordinal", TENS[word] + ones, index + 2
    if word not in _ORDINALS or _is_fraction(words, index):
        return None
    return "ordinal", _ORDINALS[word], index + 1


def _is_fraction(words: Sequence[Token], index: int) -> bool:
    """ "A third of", "by a third", unlike "a third round"."""
    if lower(words, index - 1) not in ("one", "a", "two"):
        return False
    word, after = lower(words, index), lower(words, index + 1)
    return singular(word) in _FRACTIONS and (not after or after in lexicon().stop)


def many(words: Sequence[Token], index: int) -> Found | None:
    """ "Dozens", "tens of thousands"."""
    word, of, after = (lower(words, at) for at in range(index, index + 3))
    if word not in MANY or (word in _MANY_OF and of != "of"):
        return None
    if of == "of" and after in MANY:
        return "many", MANY[word] * MANY[after], index + 3
    return "many", MANY[word], index + 1


def value_at(words: Sequence[Token], index: int) -> tuple[float | None, int]:
    """The number that begins at `index`, with its scale ("two million"), and where it ends."""
    word = lower(words, index)
    value, end = _unscaled(words, index)
    if value is None:
        return None, index
    if is_and_a_half(words, end):
        value, end = value + 0.5, end + 3
    start = end
    while (scale := _SCALES.get(singular(lower(words, end)))) is not None:
        rest, end = _rest(words, end + 1, scale)
        value = value * scale + rest
    part = _FRACTIONS.get(singular(lower(words, end)))
    if part is None or end > start or word not in ("one", "a", "two", "three"):
        return value, end
    of = [lower(words, at) for at in range(end + 1, end + 4)]  # "a quarter of a million"
    if of[:2] == ["of", "a"] and of[2] in _SCALES:
        return value * part * _SCALES[of[2]], end + 4
    return value * part, end + 1


def _unscaled(words: Sequence[Token], index: int) -> tuple[float | None, int]:
    word = lower(words, index)
    if NUMBER.fullmatch(word):
        return float(plain(word)), index + 1
    if word in TENS or (word in WORDS and not _is_pronoun(words, index)):
        return _below_hundred(words, index)
    if word in ("a", "an", "half") and _opens_number(words, index):
        end = index + 1 + (lower(words, index + 1) == "a")
        return (0.5 if word == "half" else 1.0), end
    return None, index


def _below_hundred(words: Sequence[Token], index: int) -> tuple[float, int]:
    """A number in words, from "zero" to "ninety-nine"; "dozen" is one too."""
    word = lower(words, index)
    if word not in TENS:
        return WORDS[word], index + 1
    ones = WORDS.get(lower(words, index + 1), 0.0)
    joined = 0 < ones < 10
    return TENS[word] + ones * joined, index + 1 + joined


def _rest(words: Sequence[Token], index: int, scale: float) -> tuple[float, int]:
    """What a number in words has behind "hundred" or a greater scale: "and twenty"."""
    start = index + (lower(words, index) == "and")
    if scale < 100 or lower(words, start) not in {*WORDS, *TENS}:
        return 0.0, index
    rest, end = value_at(words, start)
    if rest is not None and rest >= scale:  # "one hundred and twenty thousand"
        rest, end = _below_hundred(words, start)
    return (rest, end) if rest and rest < scale else (0.0, index)


def is_and_a_half(words: Sequence[Token], index: int) -> bool:
    near = [lower(words, at) for at in range(index, index + 4)]
    return near[:3] == ["and", "a", "half"] and near[3] != "dozen"


def _is_pronoun(words: Sequence[Token], index: int) -> bool:
    """ "One of the", "no one": no number."""
    if lower(words, index) != "one":
        return False
    return lower(words, index + 1) == "of" or lower(words, index - 1) in _EVERY


def _opens_number(words: Sequence[Token], index: int) -> bool:
    """Whether "a" or "half" counts: "a dozen", "a month", "half a billion", "a quarter of"."""
    after = singular(lower(words, index + 1))
    if words[index].text.lower() == "half":
        after = singular(lower(words, index + 2)) if after == "a" else after
        return after in _SCALES or after in HOURS
    of = lower(words, index + 2)
    return after in _SCALES or after in HOURS or (after in _FRACTIONS and of in ("of", "the"))


def plain(word: str) -> str:
    """Thousands parted by commas, decimals by a point or a lone comma."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", word):
        return word.replace(",", "")
    return word.replace(",", ".") if word.count(",") == 1 else word.replace(",", "")

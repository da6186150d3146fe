"""What became of a number of people: killed or wounded."""

from __future__ import annotations

from collections.abc import Sequence

from models.novelty.numerals import MANY, TENS, WORDS, lower
from models.novelty.words import Token

HARM = ("kill", "wound")  # "no casualties" is a figure
_HARM_REACH = 8  # words from a number to the verb behind it: "nine people in a village were killed"
_HARM_BEFORE = 4  # words from "killed" to its number: "killed at least another nine"
_ACTIVE = ("kills", "wounds", "injures", "hurts")
_PASSIVE = ("be", "been", "being", "is", "are", "was", "were")
_ROUGHLY = frozenset(
    str.split(
        "a about almost an another around at half least more nearly over roughly some than to up"
    )
)


def harm_at(words: Sequence[Token], start: int, end: int, told: int) -> int | None:
    """The word that says whether a number was killed or wounded: behind it, else in front.

    `told` is the last word that said so of another number: "six killed, nine wounded".
    """
    behind = _harm_behind(words, end)
    return behind if behind is not None else _harm_before(words, start, told)


def _harm_behind(words: Sequence[Token], end: int) -> int | None:
    """ "Nine people were killed", unlike "two missiles killed nine people"."""
    for index in range(end, min(len(words), end + _HARM_REACH)):
        word = words[index]
        if word.text.lower() == "and" or _is_numeral(word):
            return None
        if word.norm in HARM:
            return None if _has_object(words, index) else index
    return None


def _harm_before(words: Sequence[Token], start: int, told: int) -> int | None:
    """ "Killed at least nine", unlike "was killed, nine" and "was killed and nine"."""
    for index in range(start - 1, max(told, start - 1 - _HARM_BEFORE, -1), -1):
        word = words[index]
        if word.text.lower() == "and" or _is_numeral(word):
            return None
        if word.norm in HARM:
            return None if lower(words, index - 1) in _PASSIVE else index
    return None


def _has_object(words: Sequence[Token], index: int) -> bool:
    """Whether "killed" has its number behind it, which has nothing of the kind of its own."""
    if lower(words, index).endswith("ing") or lower(words, index) in _ACTIVE:
        return True
    if lower(words, index - 1) in _PASSIVE:
        return False
    place = index + 1
    while lower(words, place) in _ROUGHLY:
        place += 1
    return (
        place < len(words) and _is_numeral(words[place]) and _harm_behind(words, place + 1) is None
    )


def _is_numeral(word: Token) -> bool:
    text = word.text.lower()
    return text[:1].isdigit() or text in WORDS or text in TENS or text in MANY


def nobody(words: Sequence[Token], index: int) -> int | None:
    """Where "nobody", "no one" or "no" ends that is a toll of 0: "no one was hurt"."""
    word, after = lower(words, index), lower(words, index + 1)
    if word not in ("no", "nobody", "none"):
        return None
    end = index + 1 + (word == "no" and after in ("one", "person", "people"))
    reach = 1 if word == "no" and end == index + 1 else _HARM_BEFORE
    return end if any(near.norm in HARM for near in words[end : end + reach]) else None

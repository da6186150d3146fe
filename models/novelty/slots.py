"""What is comparable in a sentence: quantities, names, whether a thing is planned or done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from models.novelty.quantities import Quantity, quantities
from models.novelty.words import Token, lexicon, stem, tokens, weight

_REACH = 4  # words between "will" and its verb
_UNREAL_REACH = 3  # words from "not" to what is not so
_MOST = 1500  # characters of a sentence that are read
_DATES = re.compile(
    r"(?i)(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july"
    r"|august|september|october|november|december"
)
_ARTICLES = ("the", "a", "an", "its", "their", "his", "her")
_AUXILIARIES = ("be", "have", "do")
_RARE = 0.85  # weight from which a capitalised word that opens a sentence is taken for a name
_CORRECTION = re.compile(
    r"\b(?:rather than|instead of|up from|down from|earlier (?:count|figure)|revis|correct)"
    r"|, not \w|\bnot the\b"
)


@dataclass(frozen=True, slots=True)
class Slots:
    """A sentence, read. `content` gives each meaning its weight, `reporting` aside.

    `surface` says how a meaning is printed. `place` is a name's word before it. `status` is
    planned or done for a verb. `poles` holds by axis the pole with the word that says so. `off` is
    cancelled or postponed; `failed` where only that something failed or collapsed says so.
    `corrects` is true where a value is named to be replaced ("Friday rather than Thursday").
    `words` are all meanings in order.
    """

    words: tuple[str, ...]
    content: Mapping[str, float]
    surface: Mapping[str, str]
    quantities: tuple[Quantity, ...]
    names: frozenset[str]
    place: Mapping[str, str]
    status: Mapping[str, str]
    poles: Mapping[int, tuple[int, str]]
    off: str | None
    failed: bool
    denied: bool
    corrects: bool
    boilerplate: bool
    boilerplate_words: bool
    question: bool


@lru_cache(maxsize=8192)
def read(text: str) -> Slots:
    """The slots of a sentence, of which the first 1,500 characters count."""
    words = tokens(text[:_MOST])
    known = lexicon()
    numbers = quantities(words)
    names = _names(words)
    off, failed = _off(words)
    return Slots(
        words=tuple(word.norm for word in words),
        content=_content(words, numbers, names),
        surface={word.norm: word.text for word in reversed(words)},
        quantities=numbers,
        names=names,
        place=_places(words, names),
        status=_status(words),
        poles=_poles(words),
        off=off,
        failed=failed,
        denied=any(_is_denial(words, index) for index in range(len(words))),
        corrects=_CORRECTION.search(text) is not None,
        boilerplate=known.boilerplate.search(text) is not None,
        boilerplate_words=known.boilerplate_words.search(text) is not None,
        question=text.rstrip(" \"”'’").endswith("?"),
    )


def _content(
    words: Sequence[Token], numbers: Sequence[Quantity], names: frozenset[str]
) -> dict[str, float]:
    known = lexicon()
    counted = {part.lower() for number in numbers for part in number.text.split()}
    return {
        word.norm: weight(word.norm)
        for index, word in enumerate(words)
        if word.text[0].isalpha()
        and word.text.lower() not in counted
        and (word.norm in names or not _says_nothing(word))
        and not (word.norm in known.reporting and word.norm not in names)
        and not _refuses(words, index)
    }


def _says_nothing(word: Token) -> bool:
    return word.text.lower() in lexicon().stop or len(word.norm) < 2


def _names(words: Sequence[Token]) -> frozenset[str]:
    """Capitalised words; the first of a sentence only if it is rare in small letters."""
    return frozenset(
        word.norm
        for index, word in enumerate(words)
        if word.text[0].isupper()
        and not _DATES.fullmatch(word.text)
        and not _says_nothing(word)
        and (index or "_" in word.norm or weight(word.norm) > _RARE)
    )


def _places(words: Sequence[Token], names: frozenset[str]) -> dict[str, str]:
    return {
        word.norm: before.text.lower() for before, word in pairwise(words) if word.norm in names
    }


def _status(words: Sequence[Token]) -> dict[str, str]:
    """Planned where an auxiliary of the future stands shortly before, done for a past form."""
    known = lexicon()
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        lower = word.text.lower()
        if word.norm in known.reporting or lower in known.stop or lower in known.planned:
            continue
        if not word.text[0].islower():
            continue
        before = [near.text.lower() for near in words[max(0, index - _REACH) : index]]
        if _plans([*before, lower]) or _is_to_be([*before, lower]):
            found.setdefault(word.norm, "planned")
        elif _is_past(lower) and not _is_unreal(words, index):
            found.setdefault(word.norm, "done")
    return found


def _is_past(lower: str) -> bool:
    return lower in lexicon().past or (lower.endswith("ed") and len(lower) > 4)


def _plans(words: list[str]) -> bool:
    """Whether one of the words before the last puts it in the future; "due to strikes" does not."""
    known = lexicon()
    return any(
        word in known.planned and not _is_cause(words[index:])
        for index, word in enumerate(words[:-1])
    )


def _is_to_be(words: list[str]) -> bool:
    """Whether the last word stands behind "are to", "expected to" and the like."""
    if len(words) < 3 or words[-2] != "to" or words[-3] not in lexicon().planned_to:
        return False
    return not _is_cause(words[-3:])


def _is_cause(words: list[str]) -> bool:
    """ "Due to strikes", unlike "due to meet"."""
    return (
        list(words[:2]) == ["due", "to"] and words[2:3] != [] and words[2] not in lexicon().due_to
    )


def _poles(words: Sequence[Token]) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    known = lexicon()
    for word in words:
        said = (*known.poles.get(word.norm, ()), *known.own_poles.get(stem(word.text), ()))
        for axis, pole in said:
            found.setdefault(axis, (pole, word.text.lower()))
    return found


def _off(words: Sequence[Token]) -> tuple[str | None, bool]:
    """Whether something is said to be off, not that it may be or is not; and whether all that says
    so is that something failed, which what was never planned may do as well.
    """
    known = lexicon()
    found, failed = set(), False
    for index, word in enumerate(words):
        if _is_unreal(words, index):
            continue
        if word.norm in known.postponed:
            found.add("postponed")
        elif word.norm in known.cancelled:
            found.add("cancelled")
        elif word.norm in known.failed or _falls_through(words[index : index + 3]):
            failed = True
    return max(found, default="cancelled" if failed else None), failed and not found


def _is_unreal(words: Sequence[Token], index: int) -> bool:
    """Whether it is denied or only possible; the month of May makes nothing so."""
    before = words[max(0, index - _UNREAL_REACH) : index]
    return any(_is_one_of(lexicon().unreal, near.text) for near in before)


def _falls_through(words: Sequence[Token]) -> bool:
    """ "The talks fell through", unlike "oil fell through $70" or "through the floor"."""
    first, second, after = [*(word.text.lower() for word in words), "", "", ""][:3]
    is_followed = after in _ARTICLES or after[:1] in tuple("$€£") or after[:1].isdigit()
    return f"{first} {second}" in lexicon().falls_through and not is_followed


def _is_denial(words: Sequence[Token], index: int) -> bool:
    known = lexicon()
    word = words[index].text.lower()
    return _is_one_of(known.denials, word) or _refuses(words, index)


def _refuses(words: Sequence[Token], index: int) -> bool:
    """ "Refuses to attend", unlike "declined to $70" or "to about 70"."""
    known = lexicon()
    if words[index].text.lower() not in known.denials_to or len(words) < index + 3:
        return False
    to, verb = (word.text.lower() for word in words[index + 1 : index + 3])
    is_verb = verb[:1].isalpha() and (verb not in known.stop or verb in _AUXILIARIES)
    return to == "to" and is_verb


def _is_one_of(negations: frozenset[str], word: str) -> bool:
    return word in negations or word.endswith(("n't", "n’t"))

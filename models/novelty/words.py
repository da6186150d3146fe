"""Words of a sentence as they are compared: stems, one word for one meaning, and their rarity."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_LONGEST_PHRASE = 4

# "8 a.m.", "10:30 GMT", "0800 GMT", "10.30 CET": a time of day is one word, together with its zone.
_ZONE = r"\s*(?:GMT|UTC|BST|E[DS]?T|EES?T|CES?T|MSK|IST|local time)\b"
_HOUR, _MINUTE = r"(?:[01]?\d|2[0-3])", r"[0-5]\d"
CLOCK = (
    rf"{_HOUR}(?:[:.]{_MINUTE})?\s*[AaPp]\.?[Mm]\b\.?(?:{_ZONE})?"
    rf"|{_HOUR}:{_MINUTE}(?![\d:])(?:{_ZONE})?"
    rf"|(?:{_HOUR}\.|[01]\d|2[0-3]){_MINUTE}{_ZONE}"
)
_TOKEN = re.compile(
    rf"{CLOCK}"
    r"|\d+(?:st|nd|rd|th)\b|\d+(?:[,.]\d+)*|[$€£%]"
    r"|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)?"
)
# Wire markup, [ABC:X1234 TEXT:"shown words"], and links, of which only the words are shown.
_MARKUP = re.compile(
    r'\[[A-Z]{2,5}:\w+ TEXT:"(?P<wire>[^"\]]*)"\]|\]\([^\s()]{0,500}\)|https?://\S{1,500}'
)
_SUFFIXES = (
    *("ational", "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate"),
    *("ments", "ment", "ions", "ion", "ings", "ing", "ers", "er", "ors", "or"),
    *("ies", "ied", "ity", "ly", "al"),
)
_ENDINGS = ("ing", "ed", "es", "s", "e", "y")
_VOWEL = re.compile("[aeiouy]")
_TYPOGRAPHIC = str.maketrans("‘’‛ʼ“”„‟«»", '\'\'\'\'""""""')


Poles = Mapping[str, tuple[tuple[int, int], ...]]  # (axis, pole) by word


@dataclass(frozen=True, slots=True)
class Token:
    """A word as printed and its `norm`: the stem, or the one word that stands for its meaning."""

    text: str
    norm: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What `lexicon.yaml` says, by stem.

    `poles` are said by all words of a meaning, `own_poles` by one word of it alone: who eases
    sanctions lifts them, while what falls has the meaning that "ease" shares. `printed_poles` are
    said by a word only as printed.
    """

    same: Mapping[tuple[str, ...], str]
    poles: Poles
    own_poles: Poles
    printed_poles: Poles
    planned: frozenset[str]
    planned_to: frozenset[str]
    past: frozenset[str]
    due_to: frozenset[str]
    cancelled: frozenset[str]
    failed: frozenset[str]
    can_fail: frozenset[str]
    postponed: frozenset[str]
    falls_through: frozenset[str]
    unreal: frozenset[str]
    denials: frozenset[str]
    denials_to: frozenset[str]
    withdrawn: frozenset[str]
    possible: frozenset[str]
    symmetric: frozenset[str]
    states: frozenset[str]
    persons: frozenset[str]
    speaks: frozenset[str]
    finite: frozenset[str]
    reporting: frozenset[str]
    stop: frozenset[str]
    boilerplate: re.Pattern[str]
    boilerplate_words: re.Pattern[str]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A crude stem: enough to bring forms of one word together, not a lemma."""
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip(".'")
    for suffix in (*_SUFFIXES, *_ENDINGS):
        left = len(word) - len(suffix)
        enough = left >= 3 + (suffix in _SUFFIXES) and _VOWEL.search(word[:left])
        if enough and word.endswith(suffix) and not word.endswith("ss"):
            word = word[:left]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    raw: dict[str, Any] = yaml.safe_load((FOLDER / "lexicon.yaml").read_text(encoding="utf-8"))
    same: dict[tuple[str, ...], str] = {}
    for group in raw["same"]:
        meaning = stem(group[0]).replace(" ", "_")
        for phrase in group:
            same.setdefault(_stems(phrase), meaning)
    poles, own_poles = _poles(raw["opposites"], same)
    return Lexicon(
        same=same,
        poles=poles,
        own_poles=own_poles,
        printed_poles=_printed_poles(raw["opposites_as_printed"], len(raw["opposites"])),
        planned=frozenset(raw["planned"]),
        planned_to=frozenset(raw["planned_to"]),
        past=frozenset(raw["past"]),
        due_to=frozenset(raw["due_to"]),
        cancelled=_norms(raw["cancelled"], same),
        failed=_norms(raw["failed"], same),
        can_fail=_norms(raw["can_fail"], same),
        postponed=_norms(raw["postponed"], same),
        falls_through=frozenset(raw["falls_through"]),
        unreal=frozenset(raw["unreal"]),
        denials=frozenset(raw["denials"]),
        denials_to=frozenset(raw["denials_to"]),
        withdrawn=_norms(raw["withdrawn"], same),
        possible=frozenset(raw["possible"]),
        symmetric=_norms(raw["symmetric"], same),
        states=_norms(raw["states"], same),
        persons=_norms(raw["persons"], same),
        speaks=frozenset(raw["speaks"]),
        finite=frozenset(raw["finite"]),
        reporting=frozenset(map(stem, raw["reporting"])),
        stop=frozenset(raw["stop"]),
        boilerplate=_any_of(raw["boilerplate"]),
        boilerplate_words=_any_of(raw["boilerplate_words"]),
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(found.group()) for found in _TOKEN.finditer(phrase))


def _norms(words: Sequence[str], same: Mapping[tuple[str, ...], str]) -> frozenset[str]:
    return frozenset(same.get(_stems(word), stem(word)) for word in words)


def _poles(axes: Sequence[str], same: Mapping[tuple[str, ...], str]) -> tuple[Poles, Poles]:
    """(axis, pole) by meaning, of words that stand for one or for themselves; and by stem, of words
    that only share a meaning, which has other words too.
    """
    by_meaning: dict[str, tuple[tuple[int, int], ...]] = {}
    by_stem: dict[str, tuple[tuple[int, int], ...]] = {}
    for axis, line in enumerate(axes):
        for pole, words in enumerate(line.split("|")):
            for word in (word.strip() for word in words.split(",")):
                own = stem(word)
                places = by_meaning if same.get(_stems(word), own) == own else by_stem
                if (axis, pole) not in places.get(own, ()):
                    places[own] = (*places.get(own, ()), (axis, pole))
    return by_meaning, by_stem


def _printed_poles(axes: Sequence[str], first: int) -> Poles:
    """(axis, pole) by word in small letters, the axes counted on from `first`."""
    return {
        word.strip(): ((axis, pole),)
        for axis, line in enumerate(axes, first)
        for pole, words in enumerate(line.split("|"))
        for word in words.split(",")
    }


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """`text` but for its case, spaces and the form of its quotation marks."""
    return " ".join(text.translate(_TYPOGRAPHIC).casefold().split())


def tokens(text: str) -> list[Token]:
    """The words, numbers and signs of `text` in order, phrases of one meaning as one token."""
    raw = [found.group() for found in _TOKEN.finditer(shown(text))]
    return list(_merged(raw))


def shown(text: str) -> str:
    """`text` without markup."""
    return _MARKUP.sub(lambda found: found["wire"] or " ", text)


def _merged(raw: Sequence[str]) -> Iterator[Token]:
    same = lexicon().same
    stems = [_stem_of(word) for word in raw]
    index = 0
    while index < len(raw):
        for size in range(min(_LONGEST_PHRASE, len(raw) - index), 0, -1):
            meaning = same.get(tuple(stems[index : index + size]))
            if meaning is not None:
                break
        else:
            size, meaning = 1, stems[index]
        yield Token(" ".join(raw[index : index + size]), meaning)
        index += size


def _stem_of(word: str) -> str:
    """`us` is a pronoun and `US` a country: written alike once in lower case."""
    return "us-pronoun" if word == "us" else stem(word)


@lru_cache(maxsize=1)
def _frequencies() -> tuple[int, Mapping[str, int]]:
    lines = (FOLDER / "frequencies.tsv").read_text(encoding="utf-8").splitlines()
    total = int(lines[0].split("\t")[1])
    return total, {norm: int(count) for norm, count in (line.split("\t") for line in lines[1:])}


def weight(norm: str) -> float:
    """How much a word says: its inverse document frequency in general news, from 0 to 1."""
    total, counts = _frequencies()
    return math.log((total + 1) / (counts.get(norm, 3) + 1)) / math.log((total + 1) / 4)

"""Runs of words that two texts share: what is trained on must not stand in what measures it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from models.novelty.words import shown

RUN = 8
SHORTEST = 3

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

Run = tuple[str, ...]


def words(text: str) -> list[str]:
    """Casefolded word tokens, punctuation and invisible characters left out."""
    return _WORD.findall(_INVISIBLE.sub("", text).casefold())


def runs(text: str, size: int = RUN) -> set[Run]:
    """All runs of `size` words; of a shorter text the one run of all its words."""
    tokens = words(text)
    if not tokens:
        return set()
    return {tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1))}


class HeldOut:
    """Texts that nothing drawn may share a run of eight words with.

    A sentence of fewer words may not stand in them as a whole. Links and other markup are compared
    both as they stand and without their addresses.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs: set[Run] = set()
        for text in texts:
            for form in (text, shown(text)):
                for size in range(SHORTEST, RUN + 1):
                    self._runs |= runs(form, size)

    def shares(self, text: str) -> bool:
        """Whether `text` has a run in common with any of the held-out texts."""
        return any(not self._runs.isdisjoint(runs(form)) for form in (text, shown(text)))


def texts_of(row: Any) -> Iterator[str]:
    """The text of a labelled row, whatever its shape: all `text` and `title` in it, joined.

    Joined, so that a run across the border of two sentences counts too.
    """
    found = " ".join(_strings(row))
    if found:
        yield found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "title") and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)

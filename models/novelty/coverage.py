"""How much of what a sentence says stands in others, word by word."""

from __future__ import annotations

from collections.abc import Sequence

from models.novelty.slots import Slots

_PREFIX = 6  # letters in which two words agree that are nearly the same
_NEARLY = 0.8


def coverage(slots: Slots, known: Sequence[Slots]) -> float:
    """The share of the weight of a sentence's words that are in `known`, figures aside."""
    total = sum(slots.content.values())
    if not total:
        return 0.0
    return sum(w * found_in(norm, known) for norm, w in slots.content.items()) / total


def found_in(norm: str, known: Sequence[Slots]) -> float:
    if any(norm in one.content for one in known):
        return 1.0
    alike = len(norm) >= _PREFIX and any(
        word.startswith(norm[:_PREFIX]) for one in known for word in one.content
    )
    return _NEARLY if alike else 0.0

"""Is a claim new, changed or repeated? Match first, then compare slot by slot.

Cosine alone cannot tell ("30-day truce", "72-hour truce"), and asking first whether a sentence is
a claim loses what is none by itself but has moved since, such as a price: so the claim's label
only decides where nothing earlier matches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.novelty.conflict import conflict, unknown_quantities
from models.novelty.coverage import coverage
from models.novelty.match import Match, Statement, match
from models.novelty.slots import Slots, read
from models.novelty.thresholds import Thresholds, shipped

Novelty = Literal["new", "changed", "repeated", "none"]


@dataclass(frozen=True, slots=True)
class NoveltyVerdict:
    """`prior` is the index of the earlier statement that is repeated or contradicted.

    `reason` is short and meant to be read. `score` is the probability that an earlier statement
    makes the same claim.
    """

    novelty: Novelty
    prior: int | None
    reason: str
    score: float


def judge(
    later: Statement,
    earlier: Sequence[Statement],
    is_claim: bool,
    limits: Thresholds | None = None,
) -> NoveltyVerdict:
    """Judge a sentence against everything said before, `earlier`, in any order."""
    limits = limits or shipped()
    slots = read(later.text)
    if slots.boilerplate:
        return NoveltyVerdict("none", None, "page furniture", 0.0)
    if slots.question and not is_claim:
        return NoveltyVerdict("none", None, "a question", 0.0)
    found = match(later, earlier, limits)
    if sum(slots.content.values()) < limits.least_weight:
        return NoveltyVerdict("none", None, "asserts nothing", found.score)
    known = [read(earlier[index].text) for index in found.candidates]
    return (
        _changed(slots, known, found, limits)
        or _repeated(slots, known, found, is_claim, limits)
        or _unmatched(is_claim, found)
    )


def _changed(
    slots: Slots, known: Sequence[Slots], found: Match, limits: Thresholds
) -> NoveltyVerdict | None:
    if found.score < limits.changed:
        return None
    for index, one in zip(found.candidates[:2], known[:2], strict=True):
        near = coverage(slots, (one,))
        reason = conflict(slots, one, known, near, limits)
        if reason:
            return NoveltyVerdict("changed", index, reason, found.score)
    return None


def _repeated(
    slots: Slots, known: Sequence[Slots], found: Match, is_claim: bool, limits: Thresholds
) -> NoveltyVerdict | None:
    """Repeated: surely so where a figure is unheard of or the sentence is no claim by itself."""
    doubtful = not is_claim or bool(unknown_quantities(slots, known))
    if found.score < (limits.extra if doubtful else limits.same):
        return None
    several = found.union - found.best > 0.2
    reason = f"covered by {'earlier sentences' if several else 'an earlier sentence'}"
    return NoveltyVerdict("repeated", found.candidates[0], reason, found.score)


def _unmatched(is_claim: bool, found: Match) -> NoveltyVerdict:
    if is_claim:
        return NoveltyVerdict("new", None, "no earlier sentence like it", found.score)
    return NoveltyVerdict("none", None, "no claim", found.score)

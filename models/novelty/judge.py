"""Is a claim new, changed or repeated? Match first, then compare slot by slot.

Cosine alone cannot tell ("30-day truce", "72-hour truce"), and asking first whether a sentence is
a claim loses what is none by itself but has moved since, such as a price: so the claim's label
only decides where nothing earlier matches.

What is said in the very same words is repeated. With a decision (`models.novelty.decision`) all
else that they found is weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.novelty.conflict import conflict, holds, unknown_quantities
from models.novelty.coverage import coverage
from models.novelty.decision import Decision, Ruled, likest, row_of
from models.novelty.match import Match, Statement, match, weight_of
from models.novelty.slots import Slots, read
from models.novelty.thresholds import Thresholds, shipped
from models.novelty.words import plain
from models.taxonomy import Novelty

_SURE, _HARDLY = 0.9, 0.1  # what a claim's probability is taken for where only its label is known


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


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict of the rules, and what it rests on; no `facts` where nothing is to be weighed."""

    verdict: NoveltyVerdict
    candidates: tuple[int, ...] = ()
    facts: Ruled | None = None


def judge(
    later: Statement,
    earlier: Sequence[Statement],
    is_claim: bool,
    limits: Thresholds | None = None,
    *,
    claim_score: float | None = None,
    decision: Decision | None = None,
) -> NoveltyVerdict:
    """Judge a sentence against everything said before, `earlier`, in any order.

    `claim_score` is the probability that it asserts news. Without `decision` the rules decide.
    """
    ruling = rule(later, earlier, is_claim, limits or shipped(), claim_score)
    facts, verdict = ruling.facts, ruling.verdict
    if decision is None or facts is None:
        return verdict
    novelty = likest(decision.probabilities(row_of(facts)))
    unread = novelty == "repeated" and read(later.text).cut
    if novelty == verdict.novelty or unread:
        return verdict
    return _overruled(ruling, novelty, later, earlier)


def rule(
    later: Statement,
    earlier: Sequence[Statement],
    is_claim: bool,
    limits: Thresholds,
    claim_score: float | None = None,
) -> Ruling:
    """What the rules make of a sentence."""
    slots = read(later.text)
    if slots.boilerplate or (slots.boilerplate_words and not is_claim):
        return Ruling(NoveltyVerdict("none", None, "page furniture", 0.0))
    if slots.question and not is_claim:
        return Ruling(NoveltyVerdict("none", None, "a question", 0.0))
    found = match(later, earlier, limits)
    if weight_of(slots) < limits.least_weight:
        return Ruling(NoveltyVerdict("none", None, "asserts nothing", found.score))
    if (same := _verbatim(later, earlier)) is not None:
        return Ruling(NoveltyVerdict("repeated", same, "covered by an earlier sentence", 1.0))
    known = [read(earlier[index].text) for index in found.candidates]
    verdict = (
        _changed(slots, known, found, limits)
        or _repeated(slots, known, found, is_claim, limits)
        or _unmatched(is_claim, found)
    )
    if not found.candidates:
        return Ruling(verdict)
    claim = claim_score if claim_score is not None else _SURE if is_claim else _HARDLY
    facts = Ruled(
        verdict=verdict.novelty,
        best=found.best,
        union=found.union,
        cosine=found.cosine,
        strange=found.strange,
        weight=weight_of(slots),
        score=found.score,
        claim=claim,
        is_claim=is_claim,
        unknown_figures=bool(unknown_quantities(slots, known)),
        question=slots.question,
    )
    return Ruling(verdict, found.candidates, facts)


def _verbatim(later: Statement, earlier: Sequence[Statement]) -> int | None:
    """The first earlier statement in the same words, whatever figures others give."""
    text = plain(later.text)
    return next((i for i, one in enumerate(earlier) if plain(one.text) == text), None)


def _overruled(
    ruling: Ruling, novelty: Novelty, later: Statement, earlier: Sequence[Statement]
) -> NoveltyVerdict:
    """Another verdict than that of the rules; its prior is the likeliest candidate."""
    ruled, best = ruling.verdict, ruling.candidates[0]
    if novelty == "new":
        return NoveltyVerdict("new", None, "more than earlier sentences say", ruled.score)
    if novelty == "none":
        return NoveltyVerdict("none", None, "no claim", ruled.score)
    if novelty == "repeated":
        known = [read(earlier[index].text) for index in ruling.candidates]
        prior = _prior(read(later.text), known, ruling.candidates, shipped())
        return NoveltyVerdict("repeated", prior, "said before in other words", ruled.score)
    return NoveltyVerdict("changed", best, _difference(later, earlier[best]), ruled.score)


def _difference(later: Statement, earlier: Statement) -> str:
    """The slot that differs, looked for as if the wording were the same; else a general word."""
    slots, before = read(later.text), read(earlier.text)
    return conflict(slots, before, [before], 1.0, shipped()) or "differs from what was said before"


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
    """Repeated: surely so where a figure is unheard of or the sentence is no claim by itself, and
    never by the beginning of what is too long to be read.
    """
    if slots.cut:
        return None
    doubtful = not is_claim or bool(unknown_quantities(slots, known))
    if found.score < (limits.extra if doubtful else limits.same):
        return None
    several = found.union - found.best > 0.2
    reason = f"covered by {'earlier sentences' if several else 'an earlier sentence'}"
    prior = _prior(slots, known, found.candidates, limits)
    return NoveltyVerdict("repeated", prior, reason, found.score)


def _prior(
    slots: Slots, known: Sequence[Slots], candidates: Sequence[int], limits: Thresholds
) -> int:
    """What a sentence repeats: the likeliest that has its figures and contradicts it in nothing."""
    for index, one in zip(candidates, known, strict=True):
        near = coverage(slots, (one,))
        has_all = near >= limits.near and holds(slots, one)
        if has_all and conflict(slots, one, [one], near, limits) is None:
            return index
    return candidates[0]


def _unmatched(is_claim: bool, found: Match) -> NoveltyVerdict:
    if is_claim:
        return NoveltyVerdict("new", None, "no earlier sentence like it", found.score)
    return NoveltyVerdict("none", None, "no claim", found.score)

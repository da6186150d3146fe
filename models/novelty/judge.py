"""Is a claim new, changed or repeated? Match first, then compare slot by slot.

Cosine alone cannot tell ("30-day truce", "72-hour truce"), and asking first whether a sentence is
a claim loses what is none by itself but has moved since, such as a price: so the claim's label
only decides where nothing earlier matches.

Rules alone settle what is said in the same words. With a decision (`models.novelty.decision`) all
that they found is weighed, and where that leaves doubt, what a pair model reads as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.novelty.conflict import conflict, unknown_quantities
from models.novelty.coverage import coverage
from models.novelty.decision import Ruled, Weighing, full_row, likest, plain_row, prior_of
from models.novelty.match import Match, Statement, match, weight_of
from models.novelty.pairs import JOINED, PairReading
from models.novelty.slots import Slots, read
from models.novelty.thresholds import Thresholds, shipped
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
    """The verdict of the rules, and what it rests on; no `facts` where nothing is to be matched."""

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
    weighing: Weighing | None = None,
) -> NoveltyVerdict:
    """Judge a sentence against everything said before, `earlier`, in any order.

    `claim_score` is the probability that it asserts news. Without `weighing` the rules decide.
    """
    ruling = rule(later, earlier, is_claim, limits or shipped(), claim_score)
    facts, verdict = ruling.facts, ruling.verdict
    if weighing is None or facts is None or _is_verbatim(later, earlier, verdict):
        return verdict
    near = [earlier[index] for index in ruling.candidates[:JOINED]]
    found, reading = weighing.decision.plain.probabilities(plain_row(facts)), None
    reader, full = weighing.reader, weighing.decision.full
    if reader is not None and full is not None and weighing.decision.asks(facts, found):
        reading = reader.read(later.text, [one.text for one in near])
        found = full.probabilities(full_row(facts, reading))
    return _weighed(likest(found), later, near, ruling, reading)


def _is_verbatim(later: Statement, earlier: Sequence[Statement], verdict: NoveltyVerdict) -> bool:
    return verdict.novelty == "repeated" and any(one.text == later.text for one in earlier)


def rule(
    later: Statement,
    earlier: Sequence[Statement],
    is_claim: bool,
    limits: Thresholds,
    claim_score: float | None = None,
) -> Ruling:
    """What the rules make of a sentence."""
    slots = read(later.text)
    if slots.boilerplate:
        return Ruling(NoveltyVerdict("none", None, "page furniture", 0.0))
    if slots.question and not is_claim:
        return Ruling(NoveltyVerdict("none", None, "a question", 0.0))
    found = match(later, earlier, limits)
    if weight_of(slots) < limits.least_weight:
        return Ruling(NoveltyVerdict("none", None, "asserts nothing", found.score))
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


def _weighed(
    novelty: Novelty,
    later: Statement,
    near: Sequence[Statement],
    ruling: Ruling,
    found: PairReading | None,
) -> NoveltyVerdict:
    """The verdict with its prior and its reason; the rules', where both say the same."""
    score = ruling.verdict.score
    if novelty == ruling.verdict.novelty and (found is None or novelty != "repeated"):
        return ruling.verdict
    if novelty == "new":
        return NoveltyVerdict("new", None, "more than earlier sentences say", score)
    if novelty == "none":
        return NoveltyVerdict("none", None, "no claim", score)
    place = prior_of(novelty, found) if found else 0
    index = ruling.candidates[place]
    if novelty == "repeated":
        same = index == ruling.verdict.prior
        reason = ruling.verdict.reason if same else "said before in other words"
        return NoveltyVerdict("repeated", index, reason, score)
    return NoveltyVerdict("changed", index, _difference(later, near[place]), score)


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

"""The claims of one article within each of its dossiers: new, changed or repeated, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.archive.documents import Claim
from connectors.archive.protocol import Neighbour
from models.novelty import Decision, NoveltyVerdict, Statement, judge
from pipeline.records import Analysed, JudgedSentence
from pipeline.resolve.ids import claim_id
from pipeline.resolve.memory import Memory, Shelf, best
from pipeline.resolve.recall import Policy, Prior, since_of
from pipeline.resolve.recurrence import later_day, recurs, said_at, turned_by
from pipeline.resolve.revisions import History

EVER = datetime.min.replace(tzinfo=UTC)


def judge_claims(
    memory: Memory,
    analysed: Analysed,
    prior: Prior,
    history: History,
    policy: Policy,
    decision: Decision | None = None,
) -> tuple[Claim, ...]:
    """Judge every claim sentence against what was said before; a sentence counts once, and one of
    an earlier revision was judged then.

    Without `decision` the rules of novelty decide alone.
    """
    fresh: dict[str, Claim] = {}
    for dossier in analysed.reading.dossiers:
        nothing: Shelf[Claim] = Shelf()
        shelf = memory.claims.get(dossier, nothing)
        revisions = nothing.add([one for one in history.claims.values() if one.dossier == dossier])
        own: list[Claim] = []
        for index, sentence in enumerate(analysed.sentences):
            id_ = claim_id(dossier, analysed.reading.intake.article_id, sentence.text)
            if not sentence.is_claim or dossier not in sentence.dossiers:
                continue
            if id_ in fresh or id_ in history.claims:
                continue
            known = _known(shelf, revisions, analysed, prior, policy, dossier, index)
            claim = _judge_one(analysed, sentence, dossier, id_, known, own, decision)
            if claim is not None:
                fresh[id_] = claim
                own.append(claim)
    return tuple(fresh.values())


def _known(
    shelf: Shelf[Claim],
    revisions: Shelf[Claim],
    analysed: Analysed,
    prior: Prior,
    policy: Policy,
    dossier: str,
    index: int,
) -> list[Claim]:
    """The nearest earlier claims of archive, sweep and the article's earlier revisions together,
    best first. The latter count however old they are: an edit does not make them news.
    """
    vector, before = analysed.sentences[index].vector, analysed.order
    count = policy.claim_neighbours
    here = shelf.nearest(vector, count, before=before, since=since_of(analysed, policy))
    own = revisions.nearest(vector, count, before=before, since=EVER)
    there: Sequence[Neighbour] = prior.claims.get((dossier, index), ())
    merged = best([*own, *there, *here], count)
    return [n.document for n in merged if isinstance(n.document, Claim)]


def _judge_one(
    analysed: Analysed,
    sentence: JudgedSentence,
    dossier: str,
    id_: str,
    known: Sequence[Claim],
    own: Sequence[Claim],
    decision: Decision | None,
) -> Claim | None:
    """The claim with its verdict, or None where the sentence asserts nothing after all.

    What the article itself said a few lines before is repetition, not news; it can make a claim
    repeated, never changed, since two figures in one report are two facts.
    """
    judgement = _Judgement(analysed, sentence, decision)
    timeless = judgement.against(known)
    found = judgement.in_time(timeless, known)
    if own and (found is not timeless or found.verdict.novelty == "new"):
        within = judgement.by_rules(own)
        found = within if within.verdict.novelty == "repeated" else found
    if found.verdict.novelty == "none":
        return None
    return _claim(analysed, sentence, dossier, id_, found.verdict, found.prior)


@dataclass(frozen=True, slots=True)
class _Found:
    """A verdict, and the earlier claim that it names."""

    verdict: NoveltyVerdict
    prior: Claim | None

    @property
    def repeats(self) -> bool:
        return self.verdict.novelty == "repeated"


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One sentence, to be judged against one set of earlier claims after another."""

    analysed: Analysed
    sentence: JudgedSentence
    decision: Decision | None

    def against(self, known: Sequence[Claim]) -> _Found:
        return self._found(known, self.decision)

    def by_rules(self, known: Sequence[Claim]) -> _Found:
        return self._found(known, None)

    def in_time(self, found: _Found, known: Sequence[Claim]) -> _Found:
        """`found`, but where it repeats what does not hold any more: a claim that has been turned
        round since, or one of another week.

        What has been said since then is repeated rather, where it is the same.
        """
        if not found.repeats or found.prior is None:
            return found
        turn = turned_by(found.prior, known)
        if turn is not None:
            since = [one for one in known if one.order > turn.order]
            again = self.against(since)
            if again.repeats:
                return self.in_time(again, since)
            back = self.against([turn])
            if back.verdict.novelty == "changed":
                return back
        if not self._recurs(found.prior):
            return found
        recent = [one for one in known if not self._recurs(one)]
        again = self.against(recent)
        if again.repeats:
            return self.in_time(again, recent)
        if again.verdict.novelty == "changed":
            return again
        reason = later_day(self.sentence.text)
        return replace(found, verdict=replace(found.verdict, novelty="changed", reason=reason))

    def _recurs(self, one: Claim) -> bool:
        """Whether the sentence speaks of another day than this claim; an edit of an article does
        not, however late."""
        intake = self.analysed.reading.intake
        if one.article_id == intake.article_id:
            return False
        return recurs(self.sentence.text, said_at(intake), one.text, one.first_seen_at)

    def _found(self, known: Sequence[Claim], decision: Decision | None) -> _Found:
        score = self.sentence.claim_score if decision is not None else None
        verdict = judge(
            Statement(self.sentence.text, self.sentence.vector),
            [Statement(one.text, one.vector) for one in known],
            is_claim=True,
            claim_score=score,
            decision=decision,
        )
        return _Found(verdict, known[verdict.prior] if verdict.prior is not None else None)


def _claim(
    analysed: Analysed,
    sentence: JudgedSentence,
    dossier: str,
    id_: str,
    verdict: NoveltyVerdict,
    prior: Claim | None,
) -> Claim:
    intake = analysed.reading.intake
    assert verdict.novelty != "none"
    repeats = verdict.novelty == "repeated" and prior is not None
    return Claim(
        id=id_,
        month=intake.month,
        dossier=dossier,
        article_id=intake.article_id,
        revision=intake.revision,
        order=intake.order,
        publisher=intake.publisher,
        family=intake.family,
        first_seen_at=intake.first_seen_at,
        text=sentence.text,
        start=sentence.start,
        end=sentence.end,
        score=sentence.claim_score,
        topics=sentence.topics,
        outlook=sentence.outlook,
        outlook_score=sentence.outlook_score,
        novelty=verdict.novelty,
        prior_id=prior.id if prior else None,
        reason=verdict.reason,
        root_id=prior.root_id if repeats and prior else id_,
        models=analysed.models,
        vector=sentence.vector,
    )

"""The claims of one article within each of its dossiers: new, changed or repeated, and why."""

from collections.abc import Sequence

from connectors.archive.documents import Claim
from connectors.archive.protocol import Neighbour
from models.novelty import Decision, NoveltyVerdict, Statement, judge
from pipeline.records import Analysed, JudgedSentence
from pipeline.resolve.ids import claim_id
from pipeline.resolve.memory import Memory, Shelf, best
from pipeline.resolve.recall import Policy, Prior, since_of
from pipeline.resolve.revisions import History


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
        shelf: Shelf[Claim] = memory.claims.get(dossier, Shelf())
        own: list[Claim] = []
        for index, sentence in enumerate(analysed.sentences):
            id_ = claim_id(dossier, analysed.reading.intake.article_id, sentence.text)
            if not sentence.is_claim or dossier not in sentence.dossiers:
                continue
            if id_ in fresh or id_ in history.claims:
                continue
            known = _known(shelf, analysed, prior, history, policy, dossier, index)
            claim = _judge_one(analysed, sentence, dossier, id_, known, own, decision)
            if claim is not None:
                fresh[id_] = claim
                own.append(claim)
    return tuple(fresh.values())


def _known(
    shelf: Shelf[Claim],
    analysed: Analysed,
    prior: Prior,
    history: History,
    policy: Policy,
    dossier: str,
    index: int,
) -> list[Claim]:
    """The nearest earlier claims of archive, sweep and the article's earlier revisions together,
    best first. The latter count however old they are: an edit does not make them news.
    """
    vector = analysed.sentences[index].vector
    here = shelf.nearest(
        vector,
        policy.claim_neighbours,
        before=analysed.order,
        since=since_of(analysed, policy),
    )
    there: Sequence[Neighbour] = prior.claims.get((dossier, index), ())
    own = [
        Neighbour(claim, round(float(claim.vector @ vector), 6))
        for claim in history.claims.values()
        if claim.dossier == dossier and claim.vector is not None
    ]
    merged = best([*own, *there, *here], policy.claim_neighbours)
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
    later = Statement(sentence.text, sentence.vector)
    earlier = [Statement(c.text, c.vector) for c in known]
    verdict = judge(later, earlier, True, claim_score=sentence.claim_score, decision=decision)
    if verdict.novelty == "new" and own:
        within = judge(later, [Statement(c.text, c.vector) for c in own], is_claim=True)
        if within.novelty == "repeated":
            verdict, known = within, own
    if verdict.novelty == "none":
        return None
    prior = known[verdict.prior] if verdict.prior is not None else None
    return _claim(analysed, sentence, dossier, id_, verdict, prior)


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

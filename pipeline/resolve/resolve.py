"""`resolve(memory, article, prior) -> (ending, memory)`: pure, so that a re-run judges alike.

An article is judged only against records strictly before it in the explicit order. What the
archive knows comes in as `Prior`; what the same sweep judged earlier is `Memory`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from connectors.archive.documents import Article, Claim, Development, Document, Position
from models.novelty import Decision
from models.similarity import text_hash
from models.subject import Subject
from pipeline.records import Analysed, Ending
from pipeline.resolve.claims import judge_claims
from pipeline.resolve.copies import Copy, find_copy, only_news, own_words
from pipeline.resolve.developments import announce
from pipeline.resolve.memory import Memory
from pipeline.resolve.positions import held_positions
from pipeline.resolve.recall import Policy, Prior
from pipeline.resolve.revisions import (
    History,
    forgotten,
    history_of,
    left_behind,
    still_said,
    supersede_earlier,
    superseded_by_later,
    withdrawn_later,
)
from pipeline.resolve.summary import outlook_of, topics_of


@dataclass(frozen=True, slots=True)
class Context:
    """What does not change within a sweep: by dossier its subject and when it is warm.

    Without `decision` the rules of novelty decide alone.
    """

    subjects: Mapping[str, Subject]
    warm_from: Mapping[str, datetime]
    policy: Policy
    decision: Decision | None = None


def resolve(
    memory: Memory, analysed: Analysed, prior: Prior, context: Context
) -> tuple[Ending, Memory]:
    """Judge one article: copy or not, which claims are new, what is worth announcing.

    A near copy stays a copy, whatever it adds.
    """
    history = history_of(memory, analysed, prior)
    copy = find_copy(memory, analysed, prior, context.policy)
    said = own_words(analysed, copy)
    judged = judge_claims(memory, said, prior, history, context.policy, context.decision)
    held = held_positions(said, history)
    if copy is not None:
        judged, held = only_news(judged, held, history.claims)
    article = superseded_by_later(history, _article(analysed, copy, history, judged, held))
    claims = withdrawn_later(history, article, judged)
    positions = withdrawn_later(history, article, held)
    developments: tuple[Development, ...] = ()
    if not forgotten(analysed, history, context.policy):
        developments = tuple(
            announce(analysed, claims, positions, context.subjects, context.warm_from)
        )
    marked = (*supersede_earlier(history, article), *left_behind(prior, article))
    documents = (article, *claims, *positions, *developments, *marked)
    ending = Ending(
        intake=analysed.reading.intake,
        disposition=_disposition(copy, history),
        reason=f"{copy.kind}_copy" if copy else "",
        documents=documents,
    )
    return ending, memory.add(article, claims, positions, marked)


def settle(endings: Iterable[Ending]) -> list[Ending]:
    """Give every ending the last version of its documents, so that the order of writing is free.

    A later revision marks what an earlier one of the same sweep said; without this the earlier
    ending, written late, would take the mark away again. Nor is what it withdraws announced: a run
    killed when only the later ending was written does not announce it afterwards (`announce`).

    Unless another article of the sweep stands by it: that one was judged a repetition and
    announces nothing itself, so the news would reach nobody.
    """
    endings = list(endings)
    last = {_key(document): document for ending in endings for document in ending.documents}
    claims = [one for one in last.values() if isinstance(one, Claim)]
    standing = {one.root_id for one in claims if one.superseded_by is None}
    withdrawn = {
        one.id for one in claims if one.superseded_by is not None and one.root_id not in standing
    }
    return [
        replace(
            ending,
            documents=tuple(
                last[_key(document)]
                for document in ending.documents
                if not (isinstance(document, Development) and document.cause_id in withdrawn)
            ),
        )
        for ending in endings
    ]


def _key(document: Document) -> tuple[str, str]:
    return type(document).__name__, document.id


def _disposition(copy: Copy | None, history: History) -> Literal["copy", "updated", "indexed"]:
    if copy is not None:
        return "copy"
    return "updated" if history.earlier else "indexed"


def _article(
    analysed: Analysed,
    copy: Copy | None,
    history: History,
    claims: Sequence[Claim],
    positions: Sequence[Position],
) -> Article:
    reading, intake = analysed.reading, analysed.reading.intake
    before: dict[str, Claim | Position] = {**history.claims, **history.positions}
    kept = still_said(reading, history.earlier, before)
    outlook, outlook_score = outlook_of(analysed.sentences)
    return Article(
        id=intake.id,
        article_id=intake.article_id,
        revision=intake.revision,
        month=intake.month,
        order=intake.order,
        feed=intake.feed,
        publisher=intake.publisher,
        family=intake.family,
        kind=intake.kind,
        url=reading.url,
        title=reading.title,
        text=reading.text,
        text_from=reading.text_from,
        published_at=intake.published_at,
        published_from=intake.published_from,
        first_seen_at=intake.first_seen_at,
        dossiers=reading.dossiers,
        topics=topics_of(analysed.sentences),
        outlook=outlook,
        outlook_score=outlook_score,
        copy_of=copy.of if copy else None,
        copy_kind=copy.kind if copy else None,
        story=None,
        rewrite_of=None,
        text_hash=text_hash(reading.text),
        claim_ids=(
            *(claim.id for claim in claims),
            *(id_ for id_ in kept if id_ in history.claims),
        ),
        position_ids=(
            *(position.id for position in positions),
            *(id_ for id_ in kept if id_ in history.positions),
        ),
        models=analysed.models,
        vector=analysed.vector,
    )

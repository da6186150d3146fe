"""Revisions of one article: what an edit keeps, what it withdraws.

Superseded records stay as they were judged and keep serving as memory; only their mark changes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from connectors.archive.documents import Article, Claim, Document, Position
from pipeline.records import Analysed
from pipeline.resolve.ids import folded
from pipeline.resolve.memory import Memory
from pipeline.resolve.recall import Prior

Said = TypeVar("Said", Claim, Position)


@dataclass(frozen=True, slots=True)
class History:
    """The other revisions of an article, and what the earlier ones said, by id."""

    earlier: tuple[Article, ...]
    later: tuple[Article, ...]
    claims: Mapping[str, Claim]
    positions: Mapping[str, Position]


def history_of(memory: Memory, analysed: Analysed, prior: Prior) -> History:
    """Put together what the archive and this sweep know of the article's other revisions."""
    intake = analysed.reading.intake
    known = {a.id: a for a in (*prior.revisions, *memory.revisions(intake.article_id))}
    known.pop(intake.id, None)
    ordered = sorted(known.values(), key=lambda article: article.order)
    own = memory.said_by(intake.article_id)
    return History(
        earlier=tuple(a for a in ordered if a.order < intake.order),
        later=tuple(a for a in ordered if a.order > intake.order),
        claims=_before(intake.order, [*prior.own_claims, *own.claims]),
        positions=_before(intake.order, [*prior.own_positions, *own.positions]),
    )


def still_said(
    analysed: Analysed, records: Mapping[str, Claim] | Mapping[str, Position]
) -> tuple[str, ...]:
    """The ids of earlier records whose text still stands in the article, sorted.

    A copy is not judged, but what its own article said before is not withdrawn by that.
    """
    text = folded(analysed.reading.text)
    return tuple(sorted(id_ for id_, one in records.items() if folded(one.text) in text))


def supersede_earlier(history: History, article: Article) -> Iterator[Document]:
    """Earlier revisions, and what they said that `article` says no more, marked with its id.

    What had been withdrawn and is said again loses its mark.
    """
    for revision in history.earlier:
        if revision.superseded_by is None:
            yield replace(revision, superseded_by=article.id)
    said = {*article.claim_ids, *article.position_ids}
    records: list[Claim | Position] = [*history.claims.values(), *history.positions.values()]
    for record in records:
        if record.id in said and record.superseded_by is not None:
            yield replace(record, superseded_by=None)
        elif record.id not in said and record.superseded_by is None:
            yield replace(record, superseded_by=article.id)


def superseded_by_later(history: History, article: Article) -> Article:
    """The article with the mark of a later revision, which only a killed run can have judged."""
    return replace(article, superseded_by=history.later[0].id) if history.later else article


def withdrawn_later(history: History, records: Iterable[Said]) -> list[Said]:
    """Records with the mark of a later revision that does not say them any more."""
    if not history.later:
        return list(records)
    successor: Article = history.later[0]
    said = {*successor.claim_ids, *successor.position_ids}
    return [
        record if record.id in said else replace(record, superseded_by=successor.id)
        for record in records
    ]


def _before(order: str, records: Iterable[Said]) -> dict[str, Said]:
    return {record.id: record for record in records if record.order < order}

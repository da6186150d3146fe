"""Revisions of one article: what an edit keeps, what it withdraws.

Superseded records stay as they were judged and keep serving as memory; only their mark changes.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from connectors.archive.documents import Article, Claim, Document, Position
from models.sentences import split
from pipeline.records import Analysed, Reading
from pipeline.resolve.ids import folded
from pipeline.resolve.memory import Memory
from pipeline.resolve.recall import Policy, Prior, since_of

Said = TypeVar("Said", bound=Claim | Position)


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
    revision: Reading | Article, earlier: Sequence[Article], records: Mapping[str, Said]
) -> tuple[str, ...]:
    """The ids of earlier records whose sentence stands in a revision, sorted.

    What an edit takes out is withdrawn, and nothing else. A sentence that stands is not, whether or
    not this revision was judged for its dossier: a copy is not judged at all, and a new headline
    may lead past a dossier, but the publisher has taken nothing back.

    Where the page could not be had, the text is only what the feed tells of the article: a shorter
    view, which withdraws nothing that the last page said.
    """
    if not records:
        return ()
    texts = [revision.text]
    if revision.text_from == "feed":
        texts += [one.text for one in earlier if one.text_from == "page"][-1:]
    standing = {folded(sentence.text) for text in texts for sentence in split(text)}
    return tuple(sorted(id_ for id_, one in records.items() if folded(one.text) in standing))


def supersede_earlier(history: History, article: Article) -> Iterator[Document]:
    """Earlier revisions, and what they said that does not stand any more, marked with the id of
    `article`.

    What had been withdrawn and is said again loses its mark.
    """
    for revision in history.earlier:
        if revision.superseded_by is None:
            yield replace(revision, superseded_by=article.id)
    said = {*article.claim_ids, *article.position_ids}
    records: list[Claim | Position] = [*history.claims.values(), *history.positions.values()]
    for record in records:
        marked = _marked(record, said, article)
        if marked is not record:
            yield marked


def superseded_by_later(history: History, article: Article) -> Article:
    """The article with the mark of a later revision, which was judged before it where a run was
    killed or a dead letter replayed."""
    return replace(article, superseded_by=history.later[0].id) if history.later else article


def withdrawn_later(history: History, article: Article, records: Iterable[Said]) -> list[Said]:
    """What `article` says, with the marks that later revisions would have given in their turn."""
    marked = {record.id: record for record in records}
    for place, later in enumerate(history.later):
        before = (*history.earlier, article, *history.later[:place])
        said = still_said(later, before, marked)
        marked = {id_: _marked(record, said, later) for id_, record in marked.items()}
    return list(marked.values())


def _marked(record: Said, said: Container[str], by: Article) -> Said:
    """The record after `by`, which says those of `said`; the same one where nothing changes."""
    if record.id in said:
        return record if record.superseded_by is None else replace(record, superseded_by=None)
    return record if record.superseded_by is not None else replace(record, superseded_by=by.id)


def forgotten(analysed: Analysed, history: History, policy: Policy) -> bool:
    """Whether the article is older than memory, which holds nothing of it: its month was pruned,
    and what it said then would pass for news when the feed shows an edit of it.
    """
    remembered = f"{since_of(analysed, policy):%Y-%m}"
    return not history.earlier and analysed.reading.intake.month < remembered


def left_behind(prior: Prior, article: Article) -> Iterator[Claim | Position]:
    """What a run that was killed before its commit mark wrote of this very revision, and `article`
    does not say: the page, the models or a dossier changed before it was tried again.
    """
    said = {*article.claim_ids, *article.position_ids}
    records: list[Claim | Position] = [*prior.own_claims, *prior.own_positions]
    for record in records:
        if record.order == article.order and record.id not in said and not record.superseded_by:
            yield replace(record, superseded_by=article.id)


def _before(order: str, records: Iterable[Said]) -> dict[str, Said]:
    return {record.id: record for record in records if record.order < order}

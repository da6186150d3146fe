"""What the archive remembers that may bear on one article: all reading is done here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from connectors.archive.documents import Article, Claim, Position
from connectors.archive.protocol import Archive, Neighbour
from pipeline.records import Analysed


@dataclass(frozen=True, slots=True)
class Policy:
    """How far back and how wide memory is searched.

    `horizon` bounds both; an article or claim older than that counts as unknown.
    """

    horizon: timedelta = timedelta(days=30)
    article_neighbours: int = 8
    claim_neighbours: int = 12


@dataclass(frozen=True, slots=True)
class Prior:
    """The archive's contribution to one verdict.

    `claims` holds neighbours by (dossier, sentence index). `own_claims` and `own_positions` are
    those of the article's other revisions.
    """

    same_text: Article | None = None
    articles: tuple[Neighbour, ...] = ()
    revisions: tuple[Article, ...] = ()
    own_claims: tuple[Claim, ...] = ()
    own_positions: tuple[Position, ...] = ()
    claims: Mapping[tuple[str, int], tuple[Neighbour, ...]] = field(default_factory=dict)


def since_of(article: Analysed, policy: Policy) -> datetime:
    """The start of the horizon. Counted from the entry, not from today, so that it never moves."""
    return article.reading.intake.first_seen_at - policy.horizon


def recall(archive: Archive, article: Analysed, text_hash: str, policy: Policy) -> Prior:
    """Ask the archive for everything `resolve` needs about one article."""
    since, before = since_of(article, policy), article.order
    revisions = tuple(archive.revisions(article.reading.intake.article_id))
    claim_ids = {id_ for revision in revisions for id_ in revision.claim_ids}
    position_ids = {id_ for revision in revisions for id_ in revision.position_ids}
    nearest_articles = archive.neighbours(
        "articles", article.vector, policy.article_neighbours, before=before, since=since
    )
    own_claims = archive.get("claims", sorted(claim_ids))
    own_positions = archive.get("positions", sorted(position_ids))
    return Prior(
        same_text=archive.same_text(text_hash, before=before, since=since),
        articles=tuple(nearest_articles),
        revisions=revisions,
        own_claims=cast("tuple[Claim, ...]", tuple(own_claims.values())),
        own_positions=cast("tuple[Position, ...]", tuple(own_positions.values())),
        claims=_claim_neighbours(archive, article, policy),
    )


def _claim_neighbours(
    archive: Archive, article: Analysed, policy: Policy
) -> dict[tuple[str, int], tuple[Neighbour, ...]]:
    since, before, count = since_of(article, policy), article.order, policy.claim_neighbours
    return {
        (dossier, index): tuple(
            archive.neighbours(
                "claims", sentence.vector, count, before=before, since=since, dossier=dossier
            )
        )
        for index, sentence in enumerate(article.sentences)
        if sentence.is_claim
        for dossier in sentence.dossiers
    }

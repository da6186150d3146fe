"""What was judged earlier in the same sweep, with its vectors. Immutable: adding makes another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np

from connectors.archive.documents import Article, Claim, Document, Position, Vector
from connectors.archive.protocol import Neighbour

D = TypeVar("D", bound=Article | Claim)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[D]):
    """n documents and the matrix of their vectors, float32 of shape (n, 384)."""

    documents: tuple[D, ...] = ()
    matrix: Vector | None = None

    def add(self, documents: Sequence[D]) -> "Shelf[D]":
        """A shelf with these as well; documents without a vector cannot be neighbours."""
        rows = [(d, d.vector) for d in documents if d.vector is not None]
        if not rows:
            return self
        block = np.stack([vector for _, vector in rows]).astype(np.float32)
        matrix = block if self.matrix is None else np.concatenate([self.matrix, block])
        return Shelf((*self.documents, *(d for d, _ in rows)), matrix)

    def nearest(
        self, vector: Vector, count: int, *, before: str, since: datetime
    ) -> list[Neighbour]:
        """As `Archive.neighbours`, over this sweep alone."""
        if self.matrix is None or count < 1:
            return []
        scores = np.round(self.matrix @ vector, 6)
        found = list[Neighbour]()
        for index in np.argsort(-scores, kind="stable"):
            document, score = self.documents[index], float(scores[index])
            if len(found) >= count and score < found[-1].score:  # ties are parted by id
                break
            if document.order < before and document.first_seen_at >= since:
                found.append(Neighbour(document, score))
        return best(found, count)


@dataclass(frozen=True, slots=True)
class Said:
    """What one article said in this sweep."""

    claims: tuple[Claim, ...] = ()
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """Articles and, by dossier, claims that this sweep has judged so far."""

    articles: Shelf[Article] = field(default_factory=Shelf)
    claims: Mapping[str, Shelf[Claim]] = field(default_factory=dict)
    by_article: Mapping[str, tuple[Article, ...]] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)

    def revisions(self, article_id: str) -> tuple[Article, ...]:
        """Those of this sweep, and as often as they have been marked: the last version counts."""
        return self.by_article.get(article_id, ())

    def said_by(self, article_id: str) -> Said:
        return self.said.get(article_id, Said())

    def same_text(self, text_hash: str, *, before: str, since: datetime) -> Article | None:
        """As `Archive.same_text`, over this sweep alone."""
        alike = (
            article
            for article in self.articles.documents
            if article.text_hash == text_hash
            and article.order < before
            and article.first_seen_at >= since
        )
        return min(alike, key=lambda article: article.order, default=None)

    def add(
        self,
        article: Article,
        claims: Sequence[Claim],
        positions: Sequence[Position],
        marked: Sequence[Document] = (),
    ) -> "Memory":
        """The memory with one more article and what it newly said. Copies are no
        neighbours; what they add is.

        `marked` are its earlier records whose mark has changed: the last version of one counts.
        """
        id_, shelves = article.article_id, dict(self.claims)
        revisions = (*(one for one in marked if isinstance(one, Article)), article)
        for dossier in {claim.dossier for claim in claims}:
            own = [claim for claim in claims if claim.dossier == dossier]
            shelves[dossier] = shelves.get(dossier, Shelf()).add(own)
        before = self.said_by(id_)
        said = Said(
            (*before.claims, *claims, *(one for one in marked if isinstance(one, Claim))),
            (*before.positions, *positions, *(one for one in marked if isinstance(one, Position))),
        )
        return Memory(
            articles=self.articles if article.copy_of else self.articles.add([article]),
            claims=shelves,
            by_article={**self.by_article, id_: (*self.revisions(id_), *revisions)},
            said={**self.said, id_: said},
        )


def best(neighbours: Iterable[Neighbour], count: int) -> list[Neighbour]:
    """The `count` best by score, ties by id; the same record from two sources counts once."""
    unique = {neighbour.document.id: neighbour for neighbour in neighbours}
    return sorted(unique.values(), key=lambda n: (-n.score, n.document.id))[:count]

"""The contract of an archive. Any implementation must pass `tests/connectors/archive/contract.py`.

Written to fit stores without transactions and with delayed search (Elasticsearch) as well as
SQLite. What a caller may rely on:

- *Realtime* methods see every write that returned before. *Searched* methods (marked so) see at
  least what was written before the last `refresh()`.
- Writes are idempotent: the same document again leaves the archive as it was.
- A write that returned survives the death of the process. A write that raised may have been done
  in part; doing all of it again completes it.
- Transient failures are retried inside, with a deadline; then `ArchiveUnavailable` is raised.
- Texts come back as they were given, except for NUL and lone surrogates, which become U+FFFD.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from connectors.archive.documents import (
    Article,
    ArticleRef,
    Disposition,
    Document,
    FeedRecord,
    Intake,
    Kind,
    Vector,
)

MAX_DOCUMENT_BYTES: Final = 10 * 2**20  # of one document as JSON in UTF-8, without its vector
MOST_HITS: Final = 10_000  # of one search; Elasticsearch returns no more
MOST_WORDS: Final = 200  # of a query; a store's own bound is at some thousand clauses


class ArchiveError(Exception):
    """The archive cannot do what was asked; the message says what an operator can do."""


class ArchiveUnavailable(ArchiveError):
    """The store does not answer, is full or read-only. Trying later may work."""


class ArchiveSchemaError(ArchiveError):
    """The store holds another schema than this version reads, or no Parley archive at all."""


class ArchiveMissing(ArchiveError):
    """There is no archive at the address, and none was to be made."""


class ArchiveBusy(ArchiveError):
    """Another run holds the lease; `holder` names it."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"the archive is in use by {holder}")
        self.holder = holder


class DocumentRejected(ArchiveError):
    """Documents that can never be stored, by id with the reason; the others were.

    Larger than `MAX_DOCUMENT_BYTES`, a number that is not finite, or a vector that is not of
    `DIMENSIONS` finite numbers and unit length.
    """

    def __init__(self, rejected: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{id_}: {reason}" for id_, reason in rejected.items()))
        self.rejected = dict(rejected)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article or claim and the cosine of its vector with the one asked for."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """A search by words and exact fields; empty fields do not restrict. Times are half-open.

    All words must occur in title or text; case, accents and regular endings are disregarded, and
    words so common that they say nothing may be. 200 words are read (`MOST_WORDS`, each counted
    once, "quoted ones" as one); those behind them are passed over.
    "Quoted words" stand next to each other, `negot*` are all words that begin so; everything
    else (`AND`, an unbalanced quotation mark, brackets) is plain text and never an error.
    Articles have the field `topic` or `dossier` if it is one of theirs; a field that a kind does
    not have matches nothing. Superseded records are left out unless asked for.

    Raises:
        ArchiveError: `limit` is not between 1 and `MOST_HITS`.
    """

    words: str = ""
    dossier: str | None = None
    topic: str | None = None
    party: str | None = None
    stance: str | None = None
    novelty: str | None = None
    publisher: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    superseded: bool = False
    limit: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_HITS:
            raise ArchiveError(f"a search has 1 to {MOST_HITS} hits, not {self.limit}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, its rank score (higher is better), an excerpt with `[matches]` marked.

    Without words the score is 0 and the excerpt the beginning of the text.
    """

    document: Document
    score: float
    excerpt: str


class Lease(Protocol):
    """The right to write, held by one run. A context manager: leaving it releases."""

    def renew(self, now: datetime) -> None:
        """Keep it for another term. Raises ArchiveBusy where it was lost."""

    def __enter__(self) -> "Lease": ...

    def __exit__(self, *exc: object) -> None: ...


class Archive(Protocol):
    """Where everything is kept. Instances are safe to share between threads."""

    def lease(self, holder: str, now: datetime, term: timedelta) -> Lease:
        """Take the exclusive lease of a run. Raises ArchiveBusy, naming the holder.

        A holder that was killed loses it at once where the store can tell, else after `term`.
        """

    def refresh(self) -> None:
        """Make all earlier writes visible to searched methods."""

    def close(self) -> None: ...

    # Identity. Keys are opaque strings; a key, once bound, never changes its article.

    def identify(self, keys: Sequence[str], proposed: ArticleRef) -> ArticleRef:
        """The article of the first key that is bound (realtime), else `proposed`; binds the others.

        Racing callers whose first key is the same get the same answer. (Where they share only a
        later key, each may be told of its own article; the key itself is bound to one of them.)
        """

    # Intake.

    def admit(self, entries: Sequence[Intake], feed: FeedRecord) -> list[Intake]:
        """Store entries that are not there yet, as given, and only then the feed's state.

        Returns for every entry what the archive now holds under its id (realtime): the stored
        one, with its own `first_seen_at` and disposition, where it was there before.
        """

    def intake(self, ids: Sequence[str]) -> dict[str, Intake]:
        """Those of `ids` that exist (realtime)."""

    def pending(self) -> Iterator[Intake]:
        """All entries without a disposition, in order (searched)."""

    def entries(self) -> Iterator[Intake]:
        """Every entry, in order (searched). Those of pruned months have no texts any more."""

    def dispose(self, id: str, disposition: Disposition, reason: str, at: datetime) -> None:
        """The commit mark: how this revision ended. Written last; again with the same is a no-op.

        `pending` puts an entry back (replay of a dead letter); its time is taken away then.
        Raises ArchiveError where there is no such entry.
        """

    def dispositions(self) -> dict[tuple[str, str], int]:
        """How many intake entries ended how: (disposition, reason) -> count (searched). Those
        that wait are ("pending", "")."""

    # State of feeds and dossiers.

    def feeds(self) -> dict[str, FeedRecord]:
        """Every known feed by name (realtime)."""

    def dossier_since(self, dossier: str, now: datetime) -> datetime:
        """When this dossier was first active here; `now` on the first call (realtime)."""

    # Documents.

    def write(self, documents: Sequence[Document]) -> None:
        """Store documents by (kind, id), replacing earlier versions, in the order given.

        Raises DocumentRejected naming those that can never be stored, after storing the others.
        """

    def get(self, kind: Kind, ids: Iterable[str]) -> dict[str, Document]:
        """Those of `ids` that exist (realtime), with their vectors."""

    def neighbours(
        self,
        kind: Kind,
        vector: Vector,
        count: int,
        *,
        before: str,
        since: datetime,
        dossier: str | None = None,
    ) -> list[Neighbour]:
        """The `count` nearest articles or claims by cosine, best first, ties by id (searched).

        Only records whose order is strictly below `before` and that were first seen at or after
        `since` (the horizon). Copies are never neighbours, nor is what has no vector; superseded
        records are (they were said). `kind` is articles or claims, `vector` of unit length; an
        article is of `dossier` if that is one of its dossiers.
        """

    def revisions(self, article_id: str) -> list[Article]:
        """All judged revisions of an article, in order (searched)."""

    def corroboration(self, root_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """By root claim: the publisher families behind it, sorted, superseded ones left out
        (searched)."""

    def same_text(self, text_hash: str, *, before: str, since: datetime) -> Article | None:
        """The earliest article with this text hash within the same bounds, copies left out, or
        None (searched)."""

    def search(self, kind: Kind, query: Query) -> list[Hit]:
        """Documents by words and fields, best first, then newest by order (searched)."""

    def export(self, kind: Kind) -> Iterator[Document]:
        """Every document of a kind in order (dead letters by `first_seen_at`), ties by id, without
        loading all at once (searched)."""

    def counts(self) -> dict[Kind, int]:
        """How many documents of each kind there are (searched)."""

    def prune(self, before: str) -> dict[Kind, int]:
        """Delete all documents of months strictly before `before` (`2026-03`); how many of each.

        The month is that of an article's first revision: an article that had another one since
        `before` began stays with all its documents. An archive may leave more of its month.

        Intake and identity keys stay, without the entries' texts (title, summary and content are
        empty), so that an old entry still in a feed is not taken for a new one. What is pending
        keeps its texts.
        """

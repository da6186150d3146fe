"""The types that an archive stores. Frozen; every time is aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""Of shape (DIMENSIONS,) and unit length, so that the dot product of two is their cosine."""
DIMENSIONS: Final = 384

Disposition = Literal[
    "pending",
    "indexed",
    "updated",
    "copy",
    "irrelevant",
    "unsupported_language",
    "dead_letter",
]
DISPOSITIONS: Final[tuple[Disposition, ...]] = (
    "indexed",
    "updated",
    "copy",
    "irrelevant",
    "unsupported_language",
    "dead_letter",
)


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Which article, and the month (`2026-03`) of the index that holds it, chosen once."""

    article_id: str
    month: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A revision of an entry as its feed showed it, kept before anything else is done with it.

    `backlog` says that it came with the first successful poll of its feed: known to the world
    before Parley looked, so it is never announced.
    """

    id: str
    article_id: str
    revision: str
    month: str
    feed: str
    publisher: str
    family: str
    kind: str
    guid: str | None
    url: str | None
    title: str
    summary: str
    content: str
    language: str | None
    published_at: datetime | None
    published_from: str | None
    first_seen_at: datetime
    backlog: bool
    disposition: Disposition = "pending"
    reason: str = ""
    disposed_at: datetime | None = None

    @property
    def ref(self) -> ArticleRef:
        return ArticleRef(self.article_id, self.month)

    @property
    def order(self) -> str:
        """The place of this revision in the explicit order of judgement."""
        return order_key(self.first_seen_at, self.published_at, self.id)


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What is known of a feed. `state` belongs to the feeds connector and is opaque here."""

    name: str
    publisher: str
    family: str
    kind: str
    url: str
    first_ok_at: datetime | None
    last_ok_at: datetime | None
    last_polled_at: datetime | None
    next_due_at: datetime | None
    failures: int
    last_reason: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Article:
    """One judged revision of an article.

    `id` is that of its intake entry, so every revision stays as it was judged: what came later is
    told by `superseded_by` alone, and a re-run sees the memory that the first run saw.
    `claim_ids` and `position_ids` are all of this revision, those of earlier ones that still stand
    included.
    """

    id: str
    article_id: str
    revision: str
    month: str
    order: str
    feed: str
    publisher: str
    family: str
    kind: str
    url: str | None
    title: str
    text: str
    text_from: Literal["page", "feed"]
    published_at: datetime | None
    published_from: str | None
    first_seen_at: datetime
    dossiers: tuple[str, ...]
    topics: Mapping[str, float]
    outlook: str
    outlook_score: float
    copy_of: str | None
    copy_kind: Literal["exact", "near"] | None
    story: str | None
    rewrite_of: str | None
    text_hash: str
    claim_ids: tuple[str, ...]
    position_ids: tuple[str, ...]
    models: Mapping[str, str]
    superseded_by: str | None = None
    vector: Vector | None = field(compare=False, repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that asserts a checkable piece of news, judged within one dossier.

    `root_id` is the first claim of its chain of repetitions (its own id where it is new or
    changed); the families of all claims with one root are its corroboration.
    """

    id: str
    month: str
    dossier: str
    article_id: str
    revision: str
    order: str
    publisher: str
    family: str
    first_seen_at: datetime
    text: str
    start: int
    end: int
    score: float
    topics: Mapping[str, float]
    outlook: str
    outlook_score: float
    novelty: Literal["new", "changed", "repeated"]
    prior_id: str | None
    reason: str
    root_id: str
    models: Mapping[str, str]
    superseded_by: str | None = None
    vector: Vector | None = field(compare=False, repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Position:
    """A party's stance on a topic's proposition, with the sentence that is its evidence."""

    id: str
    month: str
    dossier: str
    article_id: str
    revision: str
    order: str
    publisher: str
    family: str
    first_seen_at: datetime
    party: str
    topic: str
    stance: Literal["supports", "opposes", "conditional"]
    score: float
    text: str
    start: int
    end: int
    models: Mapping[str, str]
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Development:
    """What is worth an alert. `topic` is the main one; `party` is None where none stands out."""

    id: str
    month: str
    kind: Literal["new_claim", "changed_claim", "stance_shift", "outlook_turn"]
    dossier: str
    topic: str
    party: str | None
    stance: str | None
    novelty: str
    article_id: str
    cause_id: str
    root_id: str
    order: str
    publisher: str
    family: str
    first_seen_at: datetime
    published_at: datetime | None
    title: str
    url: str | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What could not be processed, with all that is needed to try again.

    `intake_id` is None for what never became an entry (a feed that is no feed).
    """

    id: str
    month: str
    stage: str
    reason: str
    error: str
    feed: str
    intake_id: str | None
    payload: str
    first_seen_at: datetime
    replayed_at: datetime | None = None


Document = Article | Claim | Position | Development | DeadLetter
Kind = Literal["articles", "claims", "positions", "developments", "dead_letters"]
KINDS: Final[dict[Kind, type[Document]]] = {
    "articles": Article,
    "claims": Claim,
    "positions": Position,
    "developments": Development,
    "dead_letters": DeadLetter,
}


def order_key(first_seen_at: datetime, published_at: datetime | None, intake_id: str) -> str:
    """The explicit order of judgement as one sortable string.

    First seen, then published (first seen where no sane date is known), then the id of the
    revision: a total order that depends on nothing but the entry, so that a re-run judges alike.
    """
    return f"{timestamp(first_seen_at)}|{timestamp(published_at or first_seen_at)}|{intake_id}"


def month_start(month: str) -> datetime:
    """When `2026-03` begins, in UTC."""
    return datetime.fromisoformat(f"{month}-01T00:00:00+00:00")


def timestamp(at: datetime) -> str:
    """In UTC and of fixed width, so that the order of texts is the order of times.

    Not `strftime`: its `%Y` has fewer digits before the year 1000.
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

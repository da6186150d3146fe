"""What the newsroom is made of: claims, sentences, articles with their versions, feeds, faults."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "original", "rewrite", "update", "denial", "stance shift", "wire copy", "false friend",
    "off topic", "other language",
]  # fmt: skip
PageState = Literal["ok", "slow", "missing", "broken", "paywall"]
BadDate = Literal["slashes", "year 1757", "future", "none"]
FaultKind = Literal[
    "error", "busy seconds", "busy date", "html", "truncated", "short", "empty", "new guids",
    "gone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A stance that a party is reported to hold on a topic's proposition."""

    party: str
    topic: str
    stance: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of news. Claims of a `chain` say the same with another `value`: figure, date."""

    id: str
    dossier: str
    event: str
    chain: str
    value: str
    topics: tuple[str, ...]
    outlook: str
    positions: tuple[Held, ...]
    denies: str | None
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, and the claim it words, if it words one."""

    text: str
    claim: Claim | None = None


Paragraphs = tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Version:
    """How an article stands from `at` on; the next slot is when anybody can see it."""

    at: datetime
    title: str
    paragraphs: Paragraphs

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph)

    @property
    def lead(self) -> str:
        return self.paragraphs[0][0].text


@dataclass(frozen=True, slots=True)
class Article:
    """`source` is the id of the article that this one copies; `event` is None off the beat."""

    id: str
    publisher: str
    dossiers: tuple[str, ...]
    event: str | None
    kind: Kind
    language: str
    versions: tuple[Version, ...]
    source: str | None = None
    page: PageState = "ok"
    summary: bool = True
    bad_date: BadDate | None = None

    @property
    def published(self) -> datetime:
        return self.versions[0].at

    @property
    def path(self) -> str:
        return f"/{self.published:%Y/%m/%d}/{self.id}"


@dataclass(frozen=True, slots=True)
class Publisher:
    id: str
    name: str
    host: str
    family: str
    kind: str
    place: str
    language: str = "en"
    robots: Literal["open", "closed"] = "open"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a feed's answers from one slot until before another."""

    kind: FaultKind
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """`etag`: honest, or restless (changes though nothing did), or stuck (one a day).

    `links`: plain, tracking (parameters that differ from slot to slot) or redirect.
    `picks`: all of the publisher's articles, or only what it reports first ("originals").
    """

    name: str
    publisher: str
    path: str
    format: Literal["rss2", "atom", "rss1"]
    content: Literal["summary", "full"] = "summary"
    window: int = 20
    guid: Literal["stable", "unstable"] = "stable"
    links: Literal["plain", "tracking", "redirect"] = "plain"
    etag: Literal["honest", "restless", "stuck", "none"] = "honest"
    order: Literal["newest", "oldest"] = "newest"
    picks: Literal["all", "originals"] = "all"
    moved_from: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """All that is published in the ten days."""

    publishers: dict[str, Publisher]
    feeds: tuple[Feed, ...]
    claims: dict[str, Claim]
    articles: dict[str, Article]

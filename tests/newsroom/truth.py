"""What a perfect monitor would say of the coverage: dispositions, novelty, developments, shifts.

Everything follows from the chains of events and the order in which entries are first seen; that
order can be given (`Truth.of(sightings)`) where a monitor saw things at other slots.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from urllib.parse import urlsplit

from tests.newsroom.load import coverage
from tests.newsroom.model import Article, Claim, Held, Version
from tests.newsroom.schedule import first_readable, readable
from tests.newsroom.slots import SLOTS, START

Disposition = Literal[
    "indexed", "updated", "copy", "irrelevant", "unsupported_language", "dead_letter"
]
Novelty = Literal["new", "changed", "repeated", "none"]
COLD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a version was first seen, and whether on the first good poll of its feed."""

    article: str
    version: int
    seen: datetime
    backlog: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """A sentence of an earlier article that a later one goes back to."""

    article: str
    version: int
    text: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """`priors`: all earlier sentences of the same claim; of its chain where novelty is changed.

    `change` is what the chain's value went from and to. `kept`: an earlier version of the same
    article has the very sentence.
    """

    text: str
    claim: Claim | None
    novelty: Novelty
    priors: tuple[Origin, ...] = ()
    change: tuple[str, str] | None = None
    kept: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        return self.claim.topics if self.claim else ()

    @property
    def prior(self) -> Origin | None:
        return self.priors[-1] if self.priors else None


@dataclass(frozen=True, slots=True)
class Judged:
    """One version of an article as it was seen. `sentences` holds only what can be read of it."""

    article: Article
    version: int
    sighting: Sighting
    disposition: Disposition
    copy_of: str | None
    sentences: tuple[JudgedSentence, ...]


@dataclass(frozen=True, slots=True)
class Development:
    """A claim worth announcing. `publishers` and `families` state it too, copies not counted."""

    dossier: str
    claim: Claim
    topics: tuple[str, ...]
    parties: tuple[str, ...]
    novelty: Novelty
    article: str
    seen: datetime
    text: str
    publishers: frozenset[str]
    families: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shift:
    """A party now holds another stance on a topic than it last did."""

    dossier: str
    before: Held
    after: Held
    article: str
    seen: datetime


def sightings() -> tuple[Sighting, ...]:
    """What a monitor sees that polls every feed at every slot, whatever the entity tags claim."""
    found: dict[tuple[str, int], Sighting] = {}
    for slot in SLOTS:
        for feed in coverage().feeds:
            backlog = first_readable(coverage(), feed) == slot
            for item in readable(coverage(), feed, slot):
                key = item.article.id, item.article.versions.index(item.version)
                found.setdefault(key, Sighting(*key, slot, backlog))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Truth:
    judged: tuple[Judged, ...]

    @classmethod
    def of(cls, seen: Iterable[Sighting] | None = None) -> Self:
        ledger = _Ledger()
        everything = sightings() if seen is None else seen
        return cls(tuple(ledger.judge(one) for one in sorted(everything, key=_order)))

    def by_article(self) -> Mapping[str, tuple[Judged, ...]]:
        """The versions of each article, in the order in which they were seen."""
        grouped: dict[str, tuple[Judged, ...]] = {}
        for one in self.judged:
            grouped[one.article.id] = (*grouped.get(one.article.id, ()), one)
        return grouped

    def developments(self, warm_from: datetime = START + COLD) -> tuple[Development, ...]:
        """New and changed claims seen after `warm_from` and not in a feed's backlog, in order."""
        support = self._support()
        return tuple(
            _development(one, sentence, sentence.claim, support[sentence.claim.id])
            for one in self.judged
            if one.disposition in ("indexed", "updated")
            and one.sighting.seen > warm_from
            and not one.sighting.backlog
            for sentence in one.sentences
            if sentence.claim and sentence.novelty in ("new", "changed") and not sentence.kept
        )

    def shifts(self) -> tuple[Shift, ...]:
        last: dict[tuple[str, str, str], Held] = {}
        found: list[Shift] = []
        for one in self.judged:
            for claim in _stated(one):
                for held in claim.positions:
                    key = claim.dossier, held.party, held.topic
                    before = last.get(key, held)
                    last[key] = held
                    if before != held:
                        place = one.article.id, one.sighting.seen
                        found.append(Shift(claim.dossier, before, held, *place))
        return tuple(found)

    def _support(self) -> dict[str, frozenset[str]]:
        support: dict[str, frozenset[str]] = {}
        for one in self.judged:
            for claim in _stated(one):
                support[claim.id] = support.get(claim.id, frozenset()) | {one.article.publisher}
        return support


def article_url(article: Article, port: int) -> str:
    """The canonical address of an article while the newsroom listens on `port`."""
    return f"http://{coverage().publishers[article.publisher].host}:{port}{article.path}"


def article_at(url: str) -> Article | None:
    """The article behind a link, whatever its port, parameters or redirect."""
    parts = urlsplit(url)
    article = coverage().articles.get(parts.path.rpartition("/")[2])
    if article is None or parts.path not in (article.path, f"/r/{article.id}"):
        return None
    return article if coverage().publishers[article.publisher].host == parts.hostname else None


def _order(one: Sighting) -> tuple[datetime, datetime, str, int]:
    """First seen, then published (first seen where the date is not sane), then by name."""
    article = coverage().articles[one.article]
    dated = article.bad_date is None
    return one.seen, article.published if dated else one.seen, one.article, one.version


def _stated(one: Judged) -> Iterable[Claim]:
    if one.disposition in ("indexed", "updated"):
        yield from (sentence.claim for sentence in one.sentences if sentence.claim)


def _development(
    one: Judged, sentence: JudgedSentence, claim: Claim, publishers: frozenset[str]
) -> Development:
    houses = coverage().publishers
    return Development(
        dossier=claim.dossier,
        claim=claim,
        topics=claim.topics,
        parties=tuple(dict.fromkeys(held.party for held in claim.positions)),
        novelty=sentence.novelty,
        article=one.article.id,
        seen=one.sighting.seen,
        text=sentence.text,
        publishers=publishers,
        families=frozenset(houses[publisher].family for publisher in publishers),
    )


class _Ledger:
    """What has been seen so far, in order."""

    def __init__(self) -> None:
        self._origins: list[Origin] = []
        self._texts: dict[str, str] = {}
        self._seen: dict[str, dict[str, JudgedSentence]] = {}

    def judge(self, sighting: Sighting) -> Judged:
        article = coverage().articles[sighting.article]
        copy_of = self._copied(article)
        own = self._seen.setdefault(article.id, {})
        readable_part = _readable(article, article.versions[sighting.version])
        sentences = tuple(
            self._sentence(text, claim, own.get(text)) for text, claim in readable_part
        )
        disposition = _disposition(article, copy_of, updated=bool(own))
        if disposition in ("indexed", "updated"):
            self._origins += [
                Origin(article.id, sighting.version, sentence.text, sentence.claim)
                for sentence in sentences
                if sentence.claim and not sentence.kept
            ]
        own |= {sentence.text: sentence for sentence in sentences}
        return Judged(article, sighting.version, sighting, disposition, copy_of, sentences)

    def _copied(self, article: Article) -> str | None:
        """The article that had this text first; of a text and its copies that is any of them."""
        first = self._texts.setdefault(article.source or article.id, article.id)
        return first if first != article.id else None

    def _sentence(
        self, text: str, claim: Claim | None, before: JudgedSentence | None
    ) -> JudgedSentence:
        if before:
            return JudgedSentence(
                text, claim, before.novelty, before.priors, before.change, kept=True
            )
        if claim is None:
            return JudgedSentence(text, None, "none")
        chained = tuple(
            one
            for one in self._origins
            if (one.claim.dossier, one.claim.chain) == (claim.dossier, claim.chain)
        )
        same = tuple(one for one in chained if one.claim.value == claim.value)
        if same:
            return JudgedSentence(text, claim, "repeated", same)
        if chained:
            change = chained[-1].claim.value, claim.value
            return JudgedSentence(text, claim, "changed", chained, change)
        return JudgedSentence(text, claim, "new")


def _disposition(article: Article, copy_of: str | None, updated: bool) -> Disposition:
    if article.kind in ("off topic", "false friend"):
        return "irrelevant"
    if article.kind == "other language":
        return "unsupported_language"
    if article.page in ("missing", "broken") and not article.summary:
        return "dead_letter"
    if copy_of:
        return "copy"
    return "updated" if updated else "indexed"


def _readable(article: Article, version: Version) -> list[tuple[str, Claim | None]]:
    """The sentences that the page shows, or the feed where the page cannot be had."""
    if article.page == "paywall":
        shown = version.paragraphs[0]
    elif article.page in ("missing", "broken"):
        shown = (version.sentences[0],) if article.summary else ()
    else:
        shown = version.sentences
    return [(sentence.text, sentence.claim) for sentence in shown]

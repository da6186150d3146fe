"""What each feed delivers at each slot, faults included. Pure; everything else reads this."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tests.newsroom.model import Article, Coverage, Fault, FaultKind, Feed, Version
from tests.newsroom.slots import SLOTS

# Faults under which nothing of the feed can be read.
UNREADABLE: frozenset[FaultKind] = frozenset(
    {"error", "busy seconds", "busy date", "html", "short", "empty", "gone"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a feed lists it, with its version of the moment."""

    article: Article
    version: Version


def version_at(article: Article, slot: datetime) -> Version | None:
    """The latest version that is out by `slot`; None before the first."""
    out = [version for version in article.versions if version.at <= slot]
    return out[-1] if out else None


def fault_at(feed: Feed, slot: datetime) -> Fault | None:
    return next((fault for fault in feed.faults if fault.start <= slot < fault.end), None)


def listed(coverage: Coverage, feed: Feed, slot: datetime) -> tuple[Item, ...]:
    """The feed's window at `slot` in the feed's own order, whatever becomes of the answer."""
    items = [
        Item(article, version)
        for article in coverage.articles.values()
        if article.publisher == feed.publisher
        and (feed.picks == "all" or article.kind == "original")
        and (version := version_at(article, slot))
    ]
    items.sort(key=lambda item: (item.article.published, item.article.id), reverse=True)
    window = items[: feed.window]
    return tuple(window if feed.order == "newest" else reversed(window))


def cut_at(items: int) -> int:
    """How many items of a truncated feed are whole; the next one breaks off."""
    return max(items * 3 // 5, min(items - 1, 1))


def readable(coverage: Coverage, feed: Feed, slot: datetime) -> tuple[Item, ...]:
    """The items that a reader gets whole when it asks at `slot` without conditions."""
    fault = fault_at(feed, slot)
    if fault and fault.kind in UNREADABLE:
        return ()
    items = listed(coverage, feed, slot)
    return items[: cut_at(len(items))] if fault and fault.kind == "truncated" else items


def changes(coverage: Coverage) -> Iterator[datetime]:
    """The first slot, and every later one at which any feed or page answers differently."""
    yield SLOTS[0]
    for before, slot in pairwise(SLOTS):
        if _state(coverage, before) != _state(coverage, slot):
            yield slot


def _state(coverage: Coverage, slot: datetime) -> tuple[object, ...]:
    versions = tuple(version_at(article, slot) for article in coverage.articles.values())
    return versions, tuple(fault_at(feed, slot) for feed in coverage.feeds)


def first_readable(coverage: Coverage, feed: Feed) -> datetime | None:
    """When the feed can first be polled with success: what it lists then is backlog."""
    return next((slot for slot in SLOTS if readable(coverage, feed, slot)), None)

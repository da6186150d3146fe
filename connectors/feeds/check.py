"""What a feed would yield: a poll of which nothing is kept."""

from dataclasses import dataclass
from datetime import datetime

from connectors.feeds.config import Feed, Rhythm
from connectors.feeds.entry import Entry
from connectors.feeds.outcome import Problem, Status
from connectors.feeds.poll import poll_one
from connectors.feeds.state import FeedState
from connectors.web import WebClient


@dataclass(frozen=True, slots=True)
class CheckedFeed:
    """A feed as it answered now; `reason` is empty where all went well."""

    url: str
    status: Status
    reason: str
    next_due_at: datetime | None
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def check_feed(url: str, client: WebClient, now: datetime) -> CheckedFeed:
    """Ask the feed at `url` once, as if for the first time."""
    feed = Feed(name="checked", url=url, publisher="checked", family="checked", kind="digital")
    outcome = poll_one(feed, FeedState(), client, now, Rhythm())
    return CheckedFeed(
        url,
        outcome.status,
        outcome.state.last_reason,
        outcome.state.next_due_at,
        outcome.entries,
        outcome.problems,
    )

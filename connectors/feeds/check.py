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


def check_feed(
    feed: Feed | str, client: WebClient, now: datetime, rhythm: Rhythm | None = None
) -> CheckedFeed:
    """Ask a feed once, as if for the first time: one that is configured, or that at an address.

    Raises:
        pydantic.ValidationError: what is given is no address.
    """
    known = _unnamed(feed) if isinstance(feed, str) else feed
    outcome = poll_one(known, FeedState(), client, now, rhythm or Rhythm())
    return CheckedFeed(
        known.url,
        outcome.status,
        outcome.state.last_reason,
        outcome.state.next_due_at,
        outcome.entries,
        outcome.problems,
    )


def _unnamed(url: str) -> Feed:
    return Feed(name="checked", url=url, publisher="checked", family="checked", kind="digital")

"""What came of polling one feed."""

from dataclasses import dataclass, field
from typing import Literal

from connectors.feeds.config import Feed
from connectors.feeds.entry import Entry
from connectors.feeds.state import FeedState

Status = Literal["read", "unchanged", "failed", "not_reached"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What of an answer could not be used: a reason word, what was wrong, the bytes as text."""

    reason: str
    detail: str
    payload: str


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """Entries in the feed's order, and the state to keep once they are safe.

    `backlog` says that the feed was never read whole before: what it lists is not news.
    `state.last_reason` has the word for a failure; `seconds` is how long asking took.
    """

    feed: Feed
    status: Status
    state: FeedState
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    backlog: bool = False
    seconds: float = field(default=0.0, compare=False)

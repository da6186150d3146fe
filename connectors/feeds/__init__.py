"""Feeds: polled politely, read robustly, remembered. See README.md."""

from connectors.feeds.check import CheckedFeed, check_feed
from connectors.feeds.config import Feed, FeedsConfig, Rhythm, load_feeds
from connectors.feeds.entry import Entry, identity_keys, revision, url_key
from connectors.feeds.outcome import PollOutcome, Problem, Status
from connectors.feeds.poll import poll
from connectors.feeds.state import FeedState, is_due

__all__ = [
    "CheckedFeed",
    "Entry",
    "Feed",
    "FeedState",
    "FeedsConfig",
    "PollOutcome",
    "Problem",
    "Rhythm",
    "Status",
    "check_feed",
    "identity_keys",
    "is_due",
    "load_feeds",
    "poll",
    "revision",
    "url_key",
]

"""Polling many feeds side by side, within a deadline."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime

from connectors.feeds.config import Feed, FeedsConfig, Rhythm
from connectors.feeds.judge import broken, judge
from connectors.feeds.outcome import PollOutcome
from connectors.feeds.state import FeedState, conditions, is_due
from connectors.web import WebClient, WebError, WebResponse, by_turns

log = logging.getLogger(__name__)
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_Known = Callable[[str], FeedState | None]


def poll(
    config: FeedsConfig,
    known: _Known,
    client: WebClient,
    *,
    now: datetime,
    deadline: float,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[PollOutcome]:
    """Poll all due feeds, outcomes as they come (see `Turns`). `known` gives the kept state of a
    feed by name.

    After `deadline` seconds whatever has not answered is reported as `not_reached`: its state is
    as it was, so it stays due.
    """
    due = [(feed, known(feed.name)) for feed in config.feeds if is_due(known(feed.name), now)]
    until, turns = monotonic() + deadline, Turns(feed for feed, _ in due)
    pool = ThreadPoolExecutor(config.web.pool_size, thread_name_prefix="feeds")
    try:
        asked = {
            pool.submit(poll_one, feed, state or FeedState(), client, now, config.rhythm): feed
            for feed, state in by_turns(due, lambda one: one[0].url)
        }
        waiting: set[Future[PollOutcome]] = set(asked)
        while waiting:
            done, waiting = wait(waiting, max(until - monotonic(), 0), return_when=FIRST)
            if not done:
                break
            for future in done:
                yield from turns.take(future.result())
        for future in waiting:
            feed = asked[future]
            log.warning("feed not reached in %.0f s: %s", deadline, feed.name)
            missed = PollOutcome(feed, "not_reached", known(feed.name) or FeedState())
            yield from turns.take(missed)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Turns:
    """Holds an outcome back until those of its publisher's earlier feeds are there.

    An entry that several feeds of a publisher carry belongs to the one that brings it first; which
    one that is must not depend on who answers faster.
    """

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._names: dict[str, deque[str]] = defaultdict(deque)
        for feed in feeds:
            self._names[feed.publisher].append(feed.name)
        self._held: dict[str, PollOutcome] = {}

    def take(self, outcome: PollOutcome) -> Iterator[PollOutcome]:
        """Each feed once; yields what may go now."""
        self._held[outcome.feed.name] = outcome
        names = self._names[outcome.feed.publisher]
        while names and names[0] in self._held:
            yield self._held.pop(names.popleft())


def poll_one(
    feed: Feed, state: FeedState, client: WebClient, now: datetime, rhythm: Rhythm
) -> PollOutcome:
    """Ask one feed and judge its answer; how long that took is told in `seconds`.

    A bug that one feed brings out fails this feed, not the sweep; what was answered is kept.
    """
    started = time.perf_counter()
    outcome = _asked(feed, state, client, now, rhythm)
    return replace(outcome, seconds=time.perf_counter() - started)


def _asked(
    feed: Feed, state: FeedState, client: WebClient, now: datetime, rhythm: Rhythm
) -> PollOutcome:
    answer: WebResponse | WebError | None = None
    try:
        headers = conditions(state, now, rhythm.full_every)
        try:
            answer = client.get(feed.url, {"Accept": ACCEPT, **headers})
        except WebError as error:
            answer = error
        return judge(feed, state, answer, now, rhythm, conditional=bool(headers))
    except Exception as error:
        log.exception("bug in polling feed %s", feed.name)
        body = answer.body if isinstance(answer, WebResponse) else b""
        return broken(feed, state, error, body, now, rhythm)

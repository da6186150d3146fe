"""Sweep after sweep until told to stop: what `parley run` does on one machine."""

import itertools
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import get_args

from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive, ArchiveError, ArchiveUnavailable, Lease
from connectors.feeds import FeedState, Status
from connectors.metrics import Health
from models.taxonomy import TOPICS
from pipeline import logs, metrics
from pipeline.sweep import Plan, SweepResult, name_of, run_sweep
from pipeline.transforms.read_feeds import known_states
from pipeline.transforms.stage import STAGES

log = logging.getLogger(__name__)
LEASE_TERM = timedelta(minutes=10)
GRACE = 20.0  # seconds a running sweep may take to end after SIGTERM
GIVE_BACK = 5.0  # seconds to give back the lease of a run that is cut off


class Follower:
    """Runs sweeps and remembers how they went, for the health check."""

    def __init__(self, archive: Archive, plan: Plan, clock: Callable[[], datetime]) -> None:
        self._archive, self._plan, self._clock = archive, plan, clock
        self._started = clock()
        declare(plan)
        self._last_ok: datetime | None = None
        self._failures = 0

    def sweep(self, lease: Lease | None = None) -> SweepResult:
        """One sweep, counted and logged, after `lease` was renewed.

        What it raises is counted and raised on.
        """
        now = self._clock()
        logs.set_sweep(name_of(now))
        try:
            observe(self._archive, self._plan)  # as the last run, or a sweep that failed, left it
            if lease is not None:
                lease.renew(now)
            result = self._swept(now)
        except Exception:
            self._failures += 1
            metrics.SWEEPS.labels("failed").inc()
            raise
        ended = self._clock()
        self._failures, self._last_ok = 0, ended
        metrics.SWEEPS.labels("skipped" if result.skipped else "done").inc()
        metrics.SWEEP_SECONDS.observe(result.seconds)
        metrics.SWEEP_LAST_SUCCESS.set(ended.timestamp())
        log.info("%s", describe(result))
        return result

    def _swept(self, now: datetime) -> SweepResult:
        try:
            result = run_sweep(self._archive, self._plan, now)
        except Exception:
            with suppress(ArchiveError):  # it may be what failed; then the next sweep looks again
                self._archive.refresh()
                observe(self._archive, self._plan)
            raise
        observe(self._archive, self._plan)
        return result

    def follow(self, interval: timedelta, stop: threading.Event, lease: Lease) -> None:
        """Sweep every `interval` until `stop`. An archive that is away is waited for."""
        while not stop.is_set():
            try:
                self.sweep(lease)
            except ArchiveUnavailable as error:
                log.error("sweep failed, its entries stay pending: %s", error)
            stop.wait(interval.total_seconds())

    def health(self, interval: timedelta) -> Health:
        """Well while a sweep ended well within three intervals (ten minutes at least).

        Before the first one the time counts from the start: a run that hangs is not well.
        """
        limit = max(3 * interval, timedelta(minutes=10))
        age = self._clock() - (self._last_ok or self._started)
        facts = {
            "last_sweep_at": self._last_ok.isoformat() if self._last_ok else None,
            "failed_sweeps_in_a_row": self._failures,
        }
        return Health(age < limit, facts)


def describe(result: SweepResult) -> str:
    """A sweep in one line."""
    if result.skipped:
        return f"sweep {result.sweep}: nothing due"
    ended = ", ".join(f"{count} {name}" for name, count in result.dispositions.items())
    return (
        f"sweep {result.sweep}: {ended or 'nothing new'}; "
        f"{result.developments} developments; {result.seconds:.1f} s"
    )


def observe(archive: Archive, plan: Plan) -> None:
    """Set the gauges that tell the age of each feed and what waits.

    Every feed has its count of failures, also one that was never polled: without a series nothing
    could be said of it. Of what never happened there is no time.
    """
    states = known_states(archive, plan.feeds)
    for feed in plan.feeds.feeds:
        state = states.get(feed.name, FeedState())
        metrics.FEED_FAILURES.labels(feed.name).set(state.failures)
        for gauge, at in (
            (metrics.FEED_LAST_SUCCESS, state.last_ok_at),
            (metrics.FEED_NEWEST_ENTRY, state.newest_entry_at),
            (metrics.FEED_NEXT_DUE, state.next_due_at),
        ):
            if at is not None:
                gauge.labels(feed.name).set(at.timestamp())
    metrics.PENDING.set(archive.dispositions().get(("pending", ""), 0))


def declare(plan: Plan) -> None:
    """Begin at 0 what alerts ask for: a counter that appears with its first event has, for
    Prometheus, not increased.
    """
    for outcome in ("done", "skipped", "failed"):
        metrics.SWEEPS.labels(outcome)
    for stage in STAGES:
        metrics.DEAD_LETTERS.labels(stage, "bug")
    for feed in plan.feeds.feeds:
        for status in get_args(Status):
            metrics.POLLS.labels(feed.name, status)
    for dossier in plan.dossiers:
        parties = [*(party.id for party in dossier.parties), "none"]
        for place in itertools.product(TOPICS, parties, ("new_claim", "changed_claim")):
            metrics.DEVELOPMENTS.labels(dossier.name, *place)


def holder(command: str) -> str:
    """Who holds a lease, as another run reads it."""
    return f"parley {command}, process {os.getpid()} on {socket.gethostname()}"


@contextmanager
def leased(
    url: str, now: datetime, *, create: bool = True, command: str = "run"
) -> Iterator[tuple[Archive, Lease]]:
    """An open archive that no other run can use meanwhile; made if it is not there and `create`."""
    archive = open_archive(url, create=create)
    try:
        with archive.lease(holder(command), now, LEASE_TERM) as lease:
            yield archive, lease
    finally:
        archive.close()


class Stop(threading.Event):
    """Set when the process is told to end. What is cut off gives `lease` back, then exits."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.lease: Lease | None = None
        self._code = code

    def cut_off(self) -> None:
        """End the process as it is: all that a sweep left is pending."""
        log.warning("the sweep is cut off; what it left stays pending")
        if self.lease is not None:  # its store may be away: not waited for longer than this
            giver = threading.Thread(target=self.lease.__exit__, args=(None,) * 3, daemon=True)
            giver.start()
            giver.join(GIVE_BACK)
        logging.shutdown()
        os._exit(self._code)


@contextmanager
def stopped_by_signals(code: int = 0) -> Iterator[Stop]:
    """An event that SIGTERM and SIGINT set.

    A sweep that does not end within `GRACE`, or until a second signal, is cut off, with exit code
    `code`: all it left is pending, which is what the next run starts with, so nothing is lost.
    """
    stop, timers = Stop(code), list[threading.Timer]()

    def on_signal(number: int, frame: object) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        timer = threading.Timer(0.0 if stop.is_set() else GRACE, stop.cut_off)
        timer.daemon = True
        timer.start()
        timers.append(timer)
        stop.set()  # last: it waits for ever where the signal came in the midst of `stop.wait`

    previous = {
        number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for timer in timers:
            timer.cancel()
        for number, handler in previous.items():
            signal.signal(number, handler)

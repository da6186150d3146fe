"""Sweep after sweep until told to stop: what `parley run` does on one machine."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive, ArchiveUnavailable, Lease
from connectors.feeds import FeedState
from connectors.metrics import Health
from pipeline import logs, metrics
from pipeline.sweep import Plan, SweepResult, name_of, run_sweep

log = logging.getLogger(__name__)
LEASE_TERM = timedelta(minutes=10)
GRACE = 20.0  # seconds a running sweep may take to end after SIGTERM


class Follower:
    """Runs sweeps and remembers how they went, for the health check."""

    def __init__(self, archive: Archive, plan: Plan, clock: Callable[[], datetime]) -> None:
        self._archive, self._plan, self._clock = archive, plan, clock
        self._last_ok: datetime | None = None
        self._failures = 0

    def sweep(self) -> SweepResult:
        """One sweep, counted and logged. What it raises is counted and raised on."""
        now = self._clock()
        logs.set_sweep(name_of(now))
        try:
            result = run_sweep(self._archive, self._plan, now)
        except Exception:
            self._failures += 1
            metrics.SWEEPS.labels("failed").inc()
            raise
        self._failures, self._last_ok = 0, now
        metrics.SWEEPS.labels("skipped" if result.skipped else "done").inc()
        metrics.SWEEP_SECONDS.observe(result.seconds)
        metrics.SWEEP_LAST_SUCCESS.set(now.timestamp())
        observe_feeds(self._archive, self._plan)
        log.info("%s", describe(result))
        return result

    def follow(self, interval: timedelta, stop: threading.Event, lease: Lease) -> None:
        """Sweep every `interval` until `stop`. An archive that is away is waited for."""
        while not stop.is_set():
            try:
                lease.renew(self._clock())
                self.sweep()
            except ArchiveUnavailable as error:
                log.error("sweep failed, its entries stay pending: %s", error)
            stop.wait(interval.total_seconds())

    def health(self, interval: timedelta) -> Health:
        """Well while a sweep ended well within three intervals (ten minutes at least)."""
        limit = max(3 * interval, timedelta(minutes=10))
        age = self._clock() - self._last_ok if self._last_ok else None
        facts = {
            "last_sweep_at": self._last_ok.isoformat() if self._last_ok else None,
            "failed_sweeps_in_a_row": self._failures,
        }
        return Health(self._failures == 0 and (age is None or age < limit), facts)


def describe(result: SweepResult) -> str:
    """A sweep in one line."""
    if result.skipped:
        return f"sweep {result.sweep}: nothing due"
    ended = ", ".join(f"{count} {name}" for name, count in result.dispositions.items())
    return (
        f"sweep {result.sweep}: {ended or 'nothing new'}; "
        f"{result.developments} developments; {result.seconds:.1f} s"
    )


def observe_feeds(archive: Archive, plan: Plan) -> None:
    """Set the gauges that tell the age of each feed and what waits."""
    configured = {feed.name for feed in plan.feeds.feeds}
    for name, record in archive.feeds().items():
        if name not in configured:
            continue
        state = FeedState.from_dict(record.state)
        metrics.FEED_FAILURES.labels(name).set(record.failures)
        for gauge, at in (
            (metrics.FEED_LAST_SUCCESS, record.last_ok_at),
            (metrics.FEED_NEWEST_ENTRY, state.newest_entry_at),
            (metrics.FEED_NEXT_DUE, record.next_due_at),
        ):
            if at is not None:
                gauge.labels(name).set(at.timestamp())
    metrics.PENDING.set(sum(1 for _ in archive.pending()))


def holder() -> str:
    """Who holds a lease, as another run reads it."""
    return f"parley run, process {os.getpid()} on {socket.gethostname()}"


@contextmanager
def leased(url: str, now: datetime, *, create: bool = True) -> Iterator[tuple[Archive, Lease]]:
    """An open archive that no other run can use meanwhile; made if it is not there and `create`."""
    archive = open_archive(url, create=create)
    try:
        with archive.lease(holder(), now, LEASE_TERM) as lease:
            yield archive, lease
    finally:
        archive.close()


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set.

    A sweep that does not end within `GRACE` is cut off: all it left is pending, which is what the
    next run starts with, so nothing is lost by it.
    """
    stop, timers = threading.Event(), list[threading.Timer]()

    def on_signal(number: int, frame: object) -> None:
        log.info("stopping on %s", signal.Signals(number).name)
        stop.set()
        timer = threading.Timer(GRACE, cut_off)
        timer.daemon = True
        timer.start()
        timers.append(timer)

    def cut_off() -> None:
        log.warning("the sweep did not end in %.0f s; what it left stays pending", GRACE)
        logging.shutdown()
        os._exit(0)

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

"""Sweep after sweep: what is remembered of them, and how the process is told to end."""

import logging
import os
import signal
import threading
import time
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from connectors.archive.documents import FeedRecord
from connectors.archive.protocol import Archive, ArchiveBusy, ArchiveUnavailable, Lease
from connectors.feeds import FeedState
from pipeline import follow, metrics
from pipeline.dossiers import load_dossiers
from pipeline.follow import Follower, Stop, declare, stopped_by_signals
from pipeline.sweep import Plan, SweepResult
from tests.connectors.archive.samples import feed
from tests.pipeline.paper import NOW

EVERY = timedelta(minutes=5)
LIMIT = 3 * EVERY
AWAY = ArchiveUnavailable("the archive does not answer")


class World:
    """A clock that only sweeps move, and an archive that answers as told."""

    def __init__(self) -> None:
        self.now = NOW
        self.lasts = timedelta(0)
        self.sweep_raises: Exception | None = None
        self.feeds_raises: Exception | None = None
        self.configured: list[SimpleNamespace] = []
        self.known: dict[str, FeedRecord] = {}
        self.brings = self.waiting = 0  # entries: those a sweep delivers, those without disposition
        plan = SimpleNamespace(feeds=SimpleNamespace(feeds=self.configured), dossiers=())
        self.follower = Follower(cast("Archive", self), cast("Plan", plan), lambda: self.now)

    def run_sweep(self, archive: object, plan: object, now: datetime) -> SweepResult:
        self.now += self.lasts
        self.waiting += self.brings
        if self.sweep_raises is not None:
            raise self.sweep_raises
        self.waiting = 0
        return SweepResult("s", now, {}, 0, self.lasts.total_seconds())

    def follows(self, name: str, url: str = "", **known: Any) -> None:
        """A feed of the configuration; what the archive knows of it, if anything is given."""
        self.configured.append(SimpleNamespace(name=name, url=f"https://{name}.example/rss"))
        if known:
            state = FeedState(**known).to_dict()
            self.known[name] = feed(name, url=url or self.configured[-1].url, state=state)

    def refresh(self) -> None:
        pass

    def feeds(self) -> dict[str, FeedRecord]:
        if self.feeds_raises is not None:
            raise self.feeds_raises
        return self.known

    def dispositions(self) -> dict[tuple[str, str], int]:
        return {("pending", ""): self.waiting, ("indexed", ""): 7}

    def well(self, later: timedelta = timedelta(0)) -> bool:
        self.now += later
        return self.follower.health(EVERY).ok


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(follow, "run_sweep", made.run_sweep)
    return made


class FakeLease:
    """Raises what it is told to, in order; `given` once it was given back."""

    def __init__(self, *raises: Exception | None, gives_back_in: float = 0.0) -> None:
        self._raises, self._wait = list(raises), gives_back_in
        self.given = threading.Event()

    def renew(self, now: datetime) -> None:
        error = self._raises.pop(0) if self._raises else None
        if error is not None:
            raise error

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *exc: object) -> None:
        time.sleep(self._wait)
        self.given.set()


def counted(outcome: str) -> float:
    return metrics.REGISTRY.get_sample_value("parley_sweeps_total", {"outcome": outcome}) or 0.0


def told(name: str, feed: str) -> float | None:
    """The gauge of a feed, None where there is no sample."""
    return metrics.REGISTRY.get_sample_value(f"parley_feed_{name}", {"feed": feed})


def test_a_long_sweep_ended_when_it_ended(world: World) -> None:
    world.lasts = 2 * LIMIT
    world.follower.sweep()
    assert world.well()
    told = metrics.REGISTRY.get_sample_value("parley_sweep_last_success_timestamp_seconds")
    assert told == (NOW + 2 * LIMIT).timestamp()
    assert not world.well(later=LIMIT)


def test_a_first_sweep_that_hangs_is_not_well(world: World) -> None:
    assert world.well()
    assert world.well(later=LIMIT - timedelta(seconds=1))
    assert not world.well(later=timedelta(seconds=1))


def test_one_failure_is_not_ill_but_failures_for_long_are(world: World) -> None:
    world.follower.sweep()
    world.sweep_raises = AWAY
    with pytest.raises(ArchiveUnavailable):
        world.follower.sweep()
    assert world.well()
    assert world.follower.health(EVERY).facts["failed_sweeps_in_a_row"] == 1
    assert not world.well(later=LIMIT)


def test_what_cannot_be_observed_was_not_done(world: World) -> None:
    done, failed, world.feeds_raises = counted("done"), counted("failed"), AWAY
    with pytest.raises(ArchiveUnavailable):
        world.follower.sweep()
    assert (counted("done"), counted("failed")) == (done, failed + 1)


def test_what_the_archive_knows_is_told_before_a_first_sweep_has_ended(world: World) -> None:
    """A restart must neither hide how old a feed is nor make it as old as 1970."""
    ago = NOW - timedelta(days=2)
    world.follows("known", last_ok_at=ago, newest_entry_at=ago, failures=3)
    world.sweep_raises, world.waiting = AWAY, 4
    with pytest.raises(ArchiveUnavailable):
        world.follower.sweep()
    assert told("last_success_timestamp_seconds", "known") == ago.timestamp()
    assert told("newest_entry_timestamp_seconds", "known") == ago.timestamp()
    assert told("consecutive_failures", "known") == 3


def test_a_feed_that_was_never_read_well_can_be_told(world: World) -> None:
    world.follows("unread", failures=2)
    world.follows("unpolled")
    world.follows("moved", url="https://old.example/rss", last_ok_at=NOW)
    world.follower.sweep()
    failures = [told("consecutive_failures", name) for name in ("unread", "unpolled", "moved")]
    assert failures == [2, 0, 0]
    assert {told("last_success_timestamp_seconds", one.name) for one in world.configured} == {None}


def test_entries_that_a_failed_sweep_leaves_are_told(world: World) -> None:
    def waiting() -> float | None:
        return metrics.REGISTRY.get_sample_value("parley_pending_entries")

    world.brings, world.sweep_raises = 3, AWAY
    with pytest.raises(ArchiveUnavailable):
        world.follower.sweep()
    assert waiting() == 3
    world.sweep_raises = None
    world.follower.sweep()
    assert waiting() == 0


def test_what_fails_a_sweep_is_told_though_the_archive_is_away_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "refresh", Mock(side_effect=AWAY))
    world.sweep_raises = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        world.follower.sweep()


def test_an_archive_that_is_away_is_waited_for_and_counted(world: World) -> None:
    stop, failed, done = threading.Event(), counted("failed"), counted("done")
    lease = FakeLease(AWAY, AWAY, None, ArchiveBusy("another run"))
    with pytest.raises(ArchiveBusy):  # lost: another has written meanwhile
        world.follower.follow(timedelta(0), stop, lease)
    assert (counted("failed"), counted("done")) == (failed + 3, done + 1)


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The exit codes that the process would have ended with."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    monkeypatch.setattr(logging, "shutdown", lambda: None)
    return codes


def wait_for_exit(exits: list[int]) -> None:
    until = time.monotonic() + 10
    while not exits and time.monotonic() < until:
        time.sleep(0.01)


def test_what_is_cut_off_gives_its_lease_back(exits: list[int]) -> None:
    stop, lease = Stop(code=1), FakeLease()
    stop.lease = lease
    stop.cut_off()
    assert lease.given.is_set()
    assert exits == [1]


def test_a_lease_that_cannot_be_given_back_does_not_keep_the_process(
    exits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "GIVE_BACK", 0.05)
    stop, lease = Stop(code=0), FakeLease(gives_back_in=5.0)
    stop.lease = lease
    stop.cut_off()
    assert not lease.given.is_set()
    assert exits == [0]


def test_a_sweep_that_does_not_end_is_cut_off(
    exits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "GRACE", 0.05)
    with stopped_by_signals(code=1) as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        wait_for_exit(exits)
    assert exits == [1]


def test_a_second_signal_cuts_off_at_once(exits: list[int]) -> None:
    with stopped_by_signals() as stop:
        stop.lease = lease = FakeLease()
        signal.raise_signal(signal.SIGTERM)
        time.sleep(0.1)
        assert exits == []
        signal.raise_signal(signal.SIGINT)
        wait_for_exit(exits)
    assert exits == [0]
    assert lease.given.is_set()


def test_what_alerts_ask_for_is_0_before_anything_happens() -> None:
    """A counter that appears with its first event has not increased, for Prometheus."""
    dossiers = load_dossiers(["iran"])
    feeds = SimpleNamespace(feeds=[SimpleNamespace(name="declared")])
    declare(cast("Plan", SimpleNamespace(feeds=feeds, dossiers=dossiers)))
    of = metrics.REGISTRY.get_sample_value
    news = {"dossier": "iran", "topic": "sanctions", "party": "gulf-states", "kind": "new_claim"}
    assert of("parley_developments_total", news) is not None
    assert of("parley_developments_total", news | {"party": "none"}) is not None
    assert of("parley_polls_total", {"feed": "declared", "outcome": "failed"}) == 0
    assert of("parley_dead_letters_total", {"stage": "resolve", "reason": "bug"}) is not None


def test_a_signal_in_the_midst_of_waiting_does_not_hang_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`Event.set` wants the lock that `Event.wait` holds for an instant, in the same thread."""
    cut_off = threading.Event()
    monkeypatch.setattr(follow, "GRACE", 0.05)
    with stopped_by_signals() as stop:
        monkeypatch.setattr(stop, "cut_off", cut_off.set)

        def wanted() -> None:
            assert cut_off.wait(10), "nothing cuts a run off that hangs"

        monkeypatch.setattr(stop, "set", wanted)
        os.kill(os.getpid(), signal.SIGTERM)
    assert cut_off.is_set()

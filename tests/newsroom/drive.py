"""A monitor that follows the newsroom in simulated time.

The clock is the newsroom's. It goes on to the next change only after a sweep has committed, so a
monitor that was killed finds the press as it left it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx

from connectors.archive.open import absolute_url
from connectors.archive.protocol import Archive
from connectors.feeds import load_feeds
from pipeline.dossiers import load_dossiers
from pipeline.follow import Follower, leased
from pipeline.sweep import Plan, SweepResult
from tests.newsroom.server import next_change


class RemoteClock:
    """The time of a newsroom that another process serves, by its control address."""

    def __init__(self, control_url: str) -> None:
        self._url = f"{control_url}/time"
        self._client = httpx.Client(trust_env=False)

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._client.get(self._url).raise_for_status().text.strip())

    def set(self, time: datetime) -> None:
        self._client.put(self._url, content=time.isoformat()).raise_for_status()


def plan_of(archive_url: str, feeds: Path, dossiers: list[str] | None = None) -> Plan:
    """All built-in dossiers, and the newsroom's own feeds."""
    return Plan(absolute_url(archive_url), load_feeds(feeds), load_dossiers(dossiers))


def follow(
    archive: Archive,
    plan: Plan,
    clock: Callable[[], datetime],
    set_clock: Callable[[datetime], None],
    until: datetime | None = None,
) -> Iterator[SweepResult]:
    """One sweep for each change from the clock's time on, until the press has nothing more."""
    follower = Follower(archive, plan, clock)
    while True:
        yield follower.sweep()
        following = next_change(clock())
        if following is None or (until is not None and following > until):
            return
        set_clock(following)


def drive(
    archive_url: str, feeds: Path, control_url: str, until: datetime | None = None
) -> Iterator[SweepResult]:
    """Follow a newsroom that another process serves; holds the archive's lease meanwhile."""
    clock, plan = RemoteClock(control_url), plan_of(archive_url, feeds)
    with leased(plan.archive_url, clock()) as (archive, _):
        yield from follow(archive, plan, clock, clock.set, until)

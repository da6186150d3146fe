"""The newsroom, followed into a cluster: the archive that a file holds, also when the server is
killed again and again meanwhile."""

import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from elastic_transport import Transport, TransportError

from connectors.archive.open import open_archive
from pipeline.follow import leased
from tests.integration.elasticsearch.server import Node, running
from tests.newsroom.drive import follow, plan_of
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import START
from tests.test_end_to_end import dump

UNTIL = START + timedelta(days=2)
WORK = 1300  # answers that two days of the newsroom take, at least


class Press:
    """A newsroom and its feeds, followed from the start as often as wanted."""

    def __init__(self, newsroom: Newsroom, feeds: Path) -> None:
        self._newsroom, self._feeds = newsroom, feeds

    def followed(self, archive_url: str) -> dict[str, dict[str, Any]]:
        """All that the archive holds when it has followed two days."""
        self._newsroom.at(START)
        plan = plan_of(archive_url, self._feeds)
        with leased(plan.archive_url, START) as (archive, _):
            for _ in follow(archive, plan, lambda: self._newsroom.time, self._newsroom.at, UNTIL):
                pass
            archive.refresh()
            return dump(archive)


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    feeds = tmp_path_factory.mktemp("press") / "feeds.yaml"
    with Newsroom() as newsroom:
        newsroom.write_feeds(feeds)
        yield Press(newsroom, feeds)


@pytest.fixture(scope="module")
def expected(press: Press, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    held = press.followed(f"sqlite:///{tmp_path_factory.mktemp('expected')}/archive.db")
    assert held["claims"]
    assert held["developments"]
    return held


def same(found: dict[str, dict[str, Any]], expected: dict[str, dict[str, Any]]) -> None:
    for kind, records in expected.items():
        assert found[kind] == records, kind


def test_a_cluster_holds_what_a_file_holds(
    press: Press, expected: dict[str, dict[str, Any]]
) -> None:
    url = f"{running()}/test-{uuid.uuid4().hex[:12]}"
    same(press.followed(url), expected)
    archive = open_archive(url)
    archive.prune("9999-12")
    archive.close()


class Killer(threading.Thread):
    """Kills a node whenever so many more requests were answered, and starts it again.

    Work decides, not time: a monitor that waits for a node that is away is not at work, and would
    sleep through a node that is killed again at once.
    """

    def __init__(self, node: Node, moments: Sequence[int]) -> None:
        super().__init__()
        self._node, self._moments = node, list(moments)
        self._due, self._over = threading.Semaphore(0), False
        self.kills = self.answers = self.failures = 0

    def answered(self) -> None:
        self.answers += 1
        if self._moments and self.answers >= self._moments[0]:
            self._moments.pop(0)
            self._due.release()

    def run(self) -> None:
        while self._due.acquire() and not self._over:
            self._node.kill()
            self.kills += 1
            self._node.start()

    def end(self) -> None:
        self._over = True
        self._due.release()
        self.join()


def moments(times: int, seed: int) -> list[int]:
    """After how many answers to kill, drawn by chance."""
    return sorted(random.Random(seed).sample(range(1, WORK), times))


def follow_with_kills(press: Press, node: Node, times: int, seed: int) -> dict[str, dict[str, Any]]:
    killer = Killer(node, moments(times, seed))
    send = Transport.perform_request

    def counted(*arguments: Any, **more: Any) -> Any:
        try:
            answer = send(*arguments, **more)
        except TransportError:
            killer.failures += 1
            raise
        killer.answered()
        return answer

    killer.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Transport, "perform_request", counted)
            found = press.followed(f"{node.url}/killed-{seed}")
    finally:
        killer.end()
    print(f"{killer.kills} kills, {killer.answers} answers, {killer.failures} requests without one")
    assert killer.kills == times
    assert killer.failures > 0
    return found


def test_three_kills_of_the_server_leave_the_archive_as_if_undisturbed(
    press: Press, expected: dict[str, dict[str, Any]], tight: Node
) -> None:
    same(follow_with_kills(press, tight, times=3, seed=1), expected)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_kills_of_the_server_leave_the_archive_as_if_undisturbed(
    press: Press, expected: dict[str, dict[str, Any]], tight: Node
) -> None:
    for seed in (2, 3):
        same(follow_with_kills(press, tight, times=10, seed=seed), expected)

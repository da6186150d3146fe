"""The newsroom, followed into a cluster: the archive that a file holds, also when the server is
killed again and again meanwhile."""

import random
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.archive.open import open_archive
from pipeline.follow import leased
from tests.integration.elasticsearch.server import Node, running
from tests.newsroom.drive import follow, plan_of
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import START
from tests.test_end_to_end import dump

UNTIL = START + timedelta(days=2)


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
    """Kills a node and starts it again, at moments drawn by chance, until told to stop."""

    def __init__(self, node: Node, times: int, seed: int) -> None:
        super().__init__()
        self._node, self._times, self._chance = node, times, random.Random(seed)
        self.stop, self.kills = threading.Event(), 0

    def run(self) -> None:
        while self.kills < self._times and not self.stop.wait(self._chance.uniform(0.5, 3)):
            self._node.kill()
            self.kills += 1
            time.sleep(self._chance.uniform(0, 2))
            self._node.start()


def follow_with_kills(press: Press, node: Node, times: int, seed: int) -> dict[str, dict[str, Any]]:
    killer = Killer(node, times, seed)
    killer.start()
    try:
        found = press.followed(f"{node.url}/killed-{seed}")
    finally:
        killer.stop.set()
        killer.join()
    assert killer.kills == times
    return found


def test_three_kills_of_the_server_leave_the_archive_as_if_undisturbed(
    press: Press, expected: dict[str, dict[str, Any]], tight: Node
) -> None:
    same(follow_with_kills(press, tight, times=3, seed=1), expected)


@pytest.mark.long
def test_twenty_kills_of_the_server_leave_the_archive_as_if_undisturbed(
    press: Press, expected: dict[str, dict[str, Any]], tight: Node
) -> None:
    for seed in range(2, 6):
        same(follow_with_kills(press, tight, times=5, seed=seed), expected)

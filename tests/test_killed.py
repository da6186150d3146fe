"""A monitor killed at any moment and started again leaves the archive of an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.archive.open import open_archive
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import START
from tests.test_end_to_end import dump

UNTIL = START + timedelta(days=2)
LONGEST = 8.0  # seconds of work that a kill may wait for: two sweeps or so


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture(scope="module")
def feeds(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("feeds") / "feeds.yaml"
    newsroom.write_feeds(path)
    return path


@pytest.fixture(scope="module")
def undisturbed(newsroom: Newsroom, feeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("undisturbed") / "archive.db"
    newsroom.at(START)
    process = start(newsroom, feeds, archive)
    assert process.wait(timeout=600) == 0
    return archive


def start(newsroom: Newsroom, feeds: Path, archive: Path) -> subprocess.Popen[bytes]:
    arguments = ["--archive", f"sqlite:///{archive}", "--feeds", str(feeds)]
    arguments += ["--control", newsroom.control_url, "--until", UNTIL.isoformat()]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.newsroom", "drive", *arguments],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def follow_with_kills(newsroom: Newsroom, feeds: Path, archive: Path, kills: int, seed: int) -> int:
    """Returns how many kills hit a monitor at work: after its first request, at any moment."""
    moments, hit = random.Random(seed), 0
    newsroom.at(START)
    for _ in range(kills):
        asked = len(newsroom.served())
        process = start(newsroom, feeds, archive)
        while process.poll() is None and len(newsroom.served()) == asked:
            time.sleep(0.02)
        time.sleep(moments.uniform(0, LONGEST))
        if process.poll() is None:
            hit += 1
        kill(process)
    assert start(newsroom, feeds, archive).wait(timeout=600) == 0
    return hit


def compare(killed: Path, undisturbed: Path) -> None:
    one, other = (open_archive(f"sqlite:///{path}") for path in (killed, undisturbed))
    left, right = dump(one), dump(other)
    one.close()
    other.close()
    for kind in right:
        assert left[kind] == right[kind], kind
    assert right["claims"]
    assert right["developments"]


def test_three_kills_leave_the_archive_as_if_undisturbed(
    newsroom: Newsroom, feeds: Path, undisturbed: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.db"
    assert follow_with_kills(newsroom, feeds, archive, kills=3, seed=7) >= 2
    compare(archive, undisturbed)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_kills_leave_the_archive_as_if_undisturbed(
    newsroom: Newsroom, feeds: Path, undisturbed: Path, tmp_path: Path
) -> None:
    hit = seed = 0
    while hit < 20:
        archive = tmp_path / f"archive{seed}.db"
        hit += follow_with_kills(newsroom, feeds, archive, kills=10, seed=seed)
        compare(archive, undisturbed)
        seed += 1
        print(f"{hit} kills hit a monitor at work, the archive is the same")

"""A disk that is full, a limit on files, a folder that may only be read: real ones."""

import multiprocessing
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive.protocol import ArchiveUnavailable
from connectors.archive.sqlite import SqliteArchive
from tests.connectors.archive.samples import START, article, at, claim, feed, intake

NOBODY = 65534
TERM = at(10) - START


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small file system cannot be mounted here: run as root to try a full disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_loses_nothing_earlier(small_disk: Path) -> None:
    with closing(SqliteArchive(small_disk / "archive.db")) as archive:
        archive.admit([intake("early")], feed())
        stored = fill(archive)
        with pytest.raises(ArchiveUnavailable, match="disk is full"):
            archive.admit([intake("late", content="x" * 2_000_000)], feed("late"))
        with archive.lease("prune", START, TERM):
            assert len(archive.get("articles", stored)) == len(stored)
        assert list(archive.intake(["early", "late"])) == ["early"]
        assert list(archive.feeds()) == ["wire"]
    with closing(SqliteArchive(small_disk / "archive.db")) as archive:
        assert archive.counts()["articles"] == len(stored)


def test_writing_goes_on_when_there_is_room_again(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)
    with closing(SqliteArchive(small_disk / "archive.db")) as archive:
        stored = fill(archive)
        ballast.unlink()
        archive.write([article("after")])
        assert len(archive.get("articles", [*stored, "after"])) == len(stored) + 1


def fill(archive: SqliteArchive) -> list[str]:
    """Write until there is no room; returns what was acknowledged."""
    stored: list[str] = []

    def write(number: int) -> None:
        archive.write([article(f"a{number}", text="word " * 4000)])
        stored.append(f"a{number}")

    with pytest.raises(ArchiveUnavailable, match="disk is full"):
        list(map(write, range(1000)))
    assert stored
    return stored


def in_child(function: Callable[[Path], None], path: Path) -> int | None:
    """Run it in a forked process, whose limits and user it may change."""
    child = multiprocessing.get_context("fork").Process(target=function, args=(path,))
    child.start()
    child.join(60)
    return child.exitcode


def _write_beyond_the_limit(path: Path) -> None:
    archive = SqliteArchive(path)
    archive.write([article("early")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    for id_ in ("late", "again"):
        with pytest.raises(ArchiveUnavailable, match=r"archive\.db"):
            archive.write([article(id_, text="word " * 100_000)])
    assert archive.get("articles", ["early", "late"]) == {"early": article("early")}


def test_a_limit_on_the_size_of_files_is_told_and_loses_nothing_earlier(path: Path) -> None:
    assert in_child(_write_beyond_the_limit, path) == 0
    with closing(SqliteArchive(path)) as archive:
        assert archive.get("articles", ["early"]) == {"early": article("early")}


def _open_as_nobody(path: Path) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setuid(NOBODY)
    with pytest.raises(ArchiveUnavailable, match=r"archive\.db"):
        SqliteArchive(path).write([claim("a")])


def _lease_as_nobody(path: Path) -> None:
    os.chmod(path.parent, 0o777)
    archive = SqliteArchive(path)
    archive.close()
    os.chmod(path.parent, 0o555)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setuid(NOBODY)
    with pytest.raises(ArchiveUnavailable, match=r"archive\.db\.lock"):
        archive.lease("run", START, TERM)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("there", [False, True], ids=["new", "existing"])
def test_a_read_only_folder_is_told(open_folder: Path, there: bool) -> None:
    path = open_folder / "archive.db"
    if there:
        SqliteArchive(path).close()
        path.chmod(0o444)
    open_folder.chmod(0o555)
    assert in_child(_open_as_nobody, path) == 0
    if there:
        with closing(SqliteArchive(path)) as archive:
            assert archive.counts()["claims"] == 0


def test_a_lease_in_a_read_only_folder_is_told(open_folder: Path) -> None:
    assert in_child(_lease_as_nobody, open_folder / "archive.db") == 0

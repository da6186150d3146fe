"""Threads and processes on one file: nothing is lost, whoever is killed."""

import errno
import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive.protocol import ArchiveBusy, ArchiveUnavailable
from connectors.archive.sqlite import SqliteArchive
from connectors.archive.sqlite.schema import MIGRATIONS, check, migrate
from tests.connectors.archive.samples import LAST, START, at, claim, unit

TERM = at(10) - START


def test_four_threads_and_two_processes_write_at_once_and_lose_nothing(
    path: Path, writer: Callable
) -> None:
    processes = [writer(name, "60") for name in ("p1", "p2")]
    with closing(SqliteArchive(path)) as archive:

        def write(thread: int) -> None:
            for n in range(60):
                archive.write([claim(f"t{thread}-{n}", n), claim(f"t{thread}-{n}-b", n)])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        assert [process.wait(60) for process in processes] == [0, 0]
        assert archive.counts()["claims"] == 2 * 60 * (4 + 2)
        assert archive.dispositions() == {("indexed", ""): 2 * 60}
        near = archive.neighbours("claims", unit(1), 10_000, before=LAST, since=START)
        assert len(near) == 2 * 60 * (4 + 2)


def test_a_new_archive_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for attempt in range(10):
        path = tmp_path / f"{attempt}.db"
        with ThreadPoolExecutor(6) as pool:
            opened = list(pool.map(lambda _, path=path: SqliteArchive(path), range(6)))
        for archive in opened:
            archive.close()


def test_opening_waits_for_whoever_holds_the_file(path: Path) -> None:
    SqliteArchive(path).close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.2, other.execute, ["ROLLBACK"])
        release.start()
        SqliteArchive(path).close()
        release.join()


def test_an_archive_that_is_made_while_one_looks_is_recognised(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        seen: list[str] = []

        def make_after_the_first(statement: str) -> None:
            seen.append(statement)
            if len(seen) == 2:
                SqliteArchive(path).close()

        connection.set_trace_callback(make_after_the_first)
        migrate(connection, "it")
        connection.set_trace_callback(None)
        assert check(connection, "it") == len(MIGRATIONS)


def test_what_another_process_writes_is_a_neighbour_at_once(path: Path, writer: Callable) -> None:
    with closing(SqliteArchive(path)) as archive:
        assert archive.neighbours("claims", unit(1), 9, before=LAST, since=START) == []
        assert writer("other", "2").wait(60) == 0
        near = archive.neighbours("claims", unit(1), 9, before=LAST, since=START)
        assert [n.document.id for n in near] == ["other-0", "other-0-b", "other-1", "other-1-b"]


def test_a_reader_sees_no_half_of_a_write(path: Path, writer: Callable) -> None:
    process = writer("p", "150")
    with closing(SqliteArchive(path)) as archive:
        while process.poll() is None:
            assert archive.counts()["claims"] % 2 == 0


@pytest.mark.parametrize("seconds", [0.0, 0.013, 0.05])
def test_a_kill_during_writes_loses_nothing_acknowledged(
    path: Path, writer: Callable, seconds: float
) -> None:
    process = writer("p", "100000")
    acknowledged = [process.stdout.readline().strip() for _ in range(20)]
    time.sleep(seconds)
    process.kill()
    acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    with closing(SqliteArchive(path)) as archive:
        stored = archive.get("claims", acknowledged + [f"{id_}-b" for id_ in acknowledged])
        assert len(stored) == 2 * len(acknowledged)
        ended = archive.intake(acknowledged).values()
        assert {entry.disposition for entry in ended} == {"indexed"}
        assert archive.counts()["claims"] % 2 == 0
        archive.write([claim("after the kill")])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_a_second_run_is_told_which_process_holds_the_lease(path: Path, writer: Callable) -> None:
    process = writer("run of Monday", "100000", "lease")
    assert process.stdout.readline() == "leased\n"
    with (
        closing(SqliteArchive(path)) as archive,
        pytest.raises(ArchiveBusy, match="in use by run of Monday, since 2026-03-01T00:00:00Z"),
    ):
        archive.lease("run of Tuesday", START, TERM)


def test_the_lease_of_a_killed_run_is_free_at_once(path: Path, writer: Callable) -> None:
    process = writer("killed", "100000", "lease")
    assert process.stdout.readline() == "leased\n"
    process.kill()
    process.wait(10)
    with (
        closing(SqliteArchive(path)) as archive,
        archive.lease("next", START, TERM),
        pytest.raises(ArchiveBusy, match="next"),
    ):
        archive.lease("another", START, TERM)


def test_a_file_that_cannot_be_locked_is_not_in_use(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with closing(SqliteArchive(path)) as archive:
        monkeypatch.setattr(fcntl, "flock", without_locks)
        with pytest.raises(ArchiveUnavailable, match="cannot be locked: No locks available"):
            archive.lease("run", START, TERM)


def test_a_run_notices_that_its_lock_was_removed(path: Path) -> None:
    with closing(SqliteArchive(path)) as archive, archive.lease("first", START, TERM) as lease:
        lease.renew(at(1))
        path.with_name("archive.db.lock").unlink()
        with archive.lease("second", START, TERM), pytest.raises(ArchiveBusy):
            lease.renew(at(2))

"""Connections: one for each thread, transactions that begin by taking the write lock."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from connectors.archive.protocol import ArchiveError, ArchiveSchemaError, ArchiveUnavailable

BUSY_SECONDS = 60.0
PAGE_BYTES = 16384  # of the usual 4096 a claim with its vector leaves nearly half empty


class Connections:
    """Opens a connection for each thread that asks and closes them all together.

    WAL lets readers go on beside the one writer. `synchronous = NORMAL` keeps every commit through
    a killed process; a power cut may take the last ones, which the next sweep then does again.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path, self._mode = path, "rwc" if create else "rw"
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def get(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path, self._mode)
            self._local.connection = connection
            with self._lock:
                self._all.append(connection)
            _prepare(connection)
        return connection

    def close(self) -> None:
        with self._lock:
            while self._all:
                self._all.pop().close()
        self._local = threading.local()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            yield self.get()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        with translated(self.path), transaction(self.get()) as connection:
            yield connection


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection as it comes, in one of SQLite's modes (`ro`, `rw`, `rwc`)."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # closed by whichever thread closes the archive
    )
    connection.row_factory = sqlite3.Row
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """The size of pages, and that those which `prune` frees can be given back, must be said before
    there is any, and the latter only then, since it takes the write lock."""
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")


def _use_wal(connection: sqlite3.Connection) -> None:
    """The change of mode does not wait for another's lock as other statements do, so that of
    several processes that open a new file at once some would fail."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """It takes the write lock at once: to read first and then write loses races that no waiting
    can win back (SQLITE_BUSY_SNAPSHOT)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # what went wrong before says more
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as the archive's own, saying what an operator can do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(path, error) from error


def _translate(path: Path, error: sqlite3.Error) -> ArchiveError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return ArchiveSchemaError(f"{path} is no readable SQLite file: {error}")
    if code == sqlite3.SQLITE_FULL:
        return ArchiveUnavailable(f"{path}: the disk is full; free some and run again")
    if code == sqlite3.SQLITE_BUSY:
        return ArchiveUnavailable(f"{path}: another process held it for {BUSY_SECONDS:.0f} s")
    if code == sqlite3.SQLITE_CANTOPEN:
        return ArchiveUnavailable(f"{path} cannot be opened: is the folder there and writable?")
    if code == sqlite3.SQLITE_READONLY:
        return ArchiveUnavailable(f"{path} cannot be written: {error}")
    return ArchiveUnavailable(f"{path}: {error}")

"""The SQLite archive: the contract, and what only a file must stand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.archive.protocol import Archive
from connectors.archive.sqlite import SqliteArchive
from tests.connectors.archive.contract import ArchiveContract


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Callable[[], Archive]]:
    opened: list[Archive] = []

    def open_again() -> Archive:
        opened.append(SqliteArchive(tmp_path / "archive.db"))
        return opened[-1]

    yield open_again
    for archive in opened:
        archive.close()


@pytest.fixture
def archive(reopen: Callable[[], Archive]) -> Archive:
    return reopen()


class TestSqliteArchive(ArchiveContract):
    pass

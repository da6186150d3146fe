"""The SQLite archive keeps the contract."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.archive.protocol import Archive
from connectors.archive.sqlite import SqliteArchive
from tests.connectors.archive.contract import ArchiveContract


class TestSqliteArchive(ArchiveContract):
    @pytest.fixture
    def reopen(self, path: Path) -> Iterator[Callable[[], Archive]]:
        opened: list[Archive] = []

        def open_again() -> Archive:
            opened.append(SqliteArchive(path))
            return opened[-1]

        yield open_again
        for archive in opened:
            archive.close()

    @pytest.fixture
    def archive(self, reopen: Callable[[], Archive]) -> Archive:
        return reopen()

"""Memory holds what the horizon needs, no more."""

import gc
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from connectors.archive.sqlite import SqliteArchive
from connectors.archive.sqlite.connection import Connections
from connectors.archive.sqlite.documents import write
from connectors.archive.sqlite.schema import migrate
from connectors.archive.sqlite.vectors import Shelf
from tests.connectors.archive.samples import LAST, START, angle, at, claim, unit

DAY = 24 * 60
MONTHS = ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, "it")
        yield connection


def held(shelf: Shelf) -> list[str]:
    return sorted(shelf._pages)


def test_a_shelf_lets_go_of_months_that_left_the_horizon(connection: sqlite3.Connection) -> None:
    shelf, seen = Shelf("claims", None), []
    for n, month in enumerate(MONTHS):
        write(connection, [claim(f"c{n}", 31 * DAY * n)])
        shelf.catch_up(connection, month)
        seen.append(held(shelf))
    assert seen == [MONTHS[:1], MONTHS[:2], MONTHS[1:3], MONTHS[2:4], MONTHS[3:5]]


def test_a_shelf_loads_only_the_months_that_are_asked_for(connection: sqlite3.Connection) -> None:
    write(connection, [claim(f"c{n}", 31 * DAY * n) for n in range(5)])
    shelf = Shelf("claims", None)
    shelf.catch_up(connection, "2026-06")
    assert held(shelf) == MONTHS[3:]
    shelf.catch_up(connection, "2026-04")
    assert held(shelf) == MONTHS[1:]


def test_what_was_let_go_is_loaded_again_once(connection: sqlite3.Connection) -> None:
    write(connection, [claim(f"c{n}", 31 * DAY * n, vector=angle(n)) for n in range(5)])
    shelf = Shelf("claims", None)
    for month in ("2026-07", "2026-03", "2026-07", "2026-03"):
        shelf.catch_up(connection, month)
    assert len(shelf.nearest(unit(1), 99, LAST, "2026-03")) == 5


def test_memory_goes_over_the_turn_of_the_year(connection: sqlite3.Connection) -> None:
    write(connection, [claim(f"c{n}", 31 * DAY * n) for n in (9, 10, 11)])
    shelf = Shelf("claims", None)
    for month in ("2026-12", "2027-01"):
        shelf.catch_up(connection, month)
    assert held(shelf) == ["2026-12", "2027-01", "2027-02"]


def test_an_empty_shelf_follows_what_is_written(connection: sqlite3.Connection) -> None:
    shelf = Shelf("claims", "iran")
    shelf.catch_up(connection, "2026-03")
    write(connection, [claim("other"), claim("own", dossier="iran")])
    shelf.catch_up(connection, "2026-03")
    assert len(shelf.nearest(unit(1), 9, LAST, "2026")) == 1


def test_an_archive_that_is_opened_again_uses_the_same_matrices(path: Path) -> None:
    with closing(SqliteArchive(path)) as first, closing(SqliteArchive(path)) as second:
        first.write([claim("a")])
        first.neighbours("claims", unit(1), 1, before=LAST, since=START)
        assert second._shelves is first._shelves
        assert held(second._shelves._shelves["claims", None]) == ["2026-03"]


def test_matrices_go_with_the_last_archive_that_uses_them(path: Path) -> None:
    first, second = SqliteArchive(path), SqliteArchive(path)
    shelves = weakref.ref(first._shelves)
    first.close()
    assert shelves() is second._shelves
    second.close()
    gc.collect()
    assert shelves() is None


def test_a_look_up_equals_that_of_plain_numpy(path: Path) -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(700, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    claims = [claim(f"c{n:03}", n * DAY / 10, vector=vectors[n]) for n in range(700)]
    with closing(SqliteArchive(path)) as archive:
        archive.write(claims)
        for asked in rng.integers(0, 700, 20):
            found = archive.neighbours(
                "claims", vectors[asked], 12, before=claims[600].order, since=at(10 * DAY)
            )
            scores = np.round(vectors[100:600] @ vectors[asked], 6)
            best = sorted(range(500), key=lambda i: (-scores[i], f"c{i + 100:03}"))[:12]
            assert [n.document.id for n in found] == [f"c{i + 100:03}" for i in best]
            np.testing.assert_allclose([n.score for n in found], scores[best], atol=2e-6)


def test_a_dossier_that_is_quiet_costs_nothing_while_others_write(path: Path) -> None:
    """Its shelf must not look at the others' rows again at every question."""
    connections = Connections(path, create=True)
    with closing(connections):
        connection = connections.get()
        migrate(connection, "it")
        shelf = Shelf("claims", "iran")
        shelf.catch_up(connection, "2026-03")
        write(connection, [claim(f"c{n}") for n in range(50)])
        shelf.catch_up(connection, "2026-03")
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        shelf.catch_up(connection, "2026-03")
        assert len(statements) == 1

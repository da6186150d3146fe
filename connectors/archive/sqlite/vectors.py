"""Nearest neighbours by brute force over matrices in memory, one for each month.

At 10^5 vectors a look-up is one matrix-vector product of some 15 ms; an index that loads as an
extension was slower here, and the stdlib's sqlite3 may not load extensions at all.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from connectors.archive.documents import DIMENSIONS, Vector

GONE = "\U0010ffff"  # an order that nothing is before
_BATCH = 2000  # rows read at once
_COLUMNS = "SELECT number, id, ord, first_seen_at, vector FROM documents WHERE "
_WHICH = (
    "AND vector IS NOT NULL AND (:dossier IS NULL OR dossier = :dossier "
    "OR EXISTS (SELECT 1 FROM json_each(body, '$.dossiers') WHERE value = :dossier)) "
    "AND (kind <> 'articles' OR json_extract(body, '$.copy_of') IS NULL) "
)
# The plus signs keep the planner to the range of numbers, which is short, and the index of times.
_WRITTEN_SINCE = (
    f"{_COLUMNS} number > :last AND number <= :newest AND +kind = :kind "
    f"AND +first_seen_at >= :start {_WHICH} ORDER BY number"
)
_OF_MONTHS = (
    f"{_COLUMNS} kind = :kind AND first_seen_at >= :start AND first_seen_at < :end "
    f"AND +number <= :newest {_WHICH} ORDER BY first_seen_at"
)


@dataclass(slots=True)
class Page:
    """The vectors of one month; `matrix` has room for more rows than `ids`."""

    numbers: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    matrix: NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, DIMENSIONS), np.float32)
    )

    def add(self, rows: Sequence[sqlite3.Row]) -> None:
        """Append rows; the matrix grows by half, so that this is linear over time."""
        held, needed = len(self.ids), len(self.ids) + len(rows)
        if needed > len(self.matrix):
            grown = np.empty((max(needed, held + held // 2), DIMENSIONS), np.float32)
            grown[:held] = self.matrix[:held]
            self.matrix = grown
        for row in rows:
            self.matrix[len(self.ids)] = np.frombuffer(row["vector"], "<f4")
            self.numbers.append(row["number"])
            self.ids.append(row["id"])
            self.orders.append(row["ord"])
            self.seen.append(row["first_seen_at"])

    def nearest(
        self, vector: Vector, count: int, before: str, since: str
    ) -> list[tuple[float, str, int]]:
        """(cosine, id, number) of the `count` nearest within the bounds; rounded, so that the size
        of the matrix, which changes the last digits, does not change the order."""
        n = len(self.ids)
        if count <= 0:
            return []
        scores = np.round(self.matrix[:n] @ vector, 6)
        width = min(n, 4 * count)
        while True:
            cut = np.partition(scores, n - width)[n - width] if width < n else -np.inf
            near = np.flatnonzero(scores >= cut).tolist()
            eligible = [i for i in near if self.orders[i] < before and self.seen[i] >= since]
            if len(eligible) >= count or width == n:
                return [(float(scores[i]), self.ids[i], self.numbers[i]) for i in eligible]
            width = min(n, 4 * width)

    def forget(self, numbers: set[int]) -> None:
        for index, number in enumerate(self.numbers):
            if number in numbers:
                self.orders[index] = GONE


class Shelf:
    """The vectors of one kind, of one dossier or all, from the month `start` on.

    It follows what any process writes: rows are numbered in the order of their commits.
    """

    def __init__(self, kind: str, dossier: str | None) -> None:
        self._which = {"kind": kind, "dossier": dossier}
        self._start, self._last = GONE, 0
        self._pages: dict[str, Page] = {}

    def catch_up(self, connection: sqlite3.Connection, month: str) -> None:
        """Hold everything from `month` on, and let go what is older than the month before it."""
        (newest,) = connection.execute("SELECT coalesce(max(number), 0) FROM documents").fetchone()
        if self._last < newest and self._start != GONE:
            self._load(connection, _WRITTEN_SINCE, newest=newest, start=self._start)
        if month < self._start:
            self._load(connection, _OF_MONTHS, newest=newest, start=month, end=self._start)
            self._start = month
        self._last = newest
        self._let_go(_month_before(month))

    def nearest(
        self, vector: Vector, count: int, before: str, since: str
    ) -> list[tuple[int, float]]:
        """(document number, cosine), best first, ties by id."""
        pages = (page for month, page in self._pages.items() if month >= since[:7])
        found = [one for page in pages for one in page.nearest(vector, count, before, since)]
        found.sort(key=lambda one: (-one[0], one[1]))
        return [(number, score) for score, _, number in found[:count]]

    def forget(self, numbers: set[int]) -> None:
        """Rows that are no more: deleted, or written anew under another number."""
        for page in self._pages.values():
            page.forget(numbers)

    def _load(self, connection: sqlite3.Connection, statement: str, **bounds: object) -> None:
        cursor = connection.execute(statement, {**self._which, "last": self._last, **bounds})
        for rows in _batches(cursor):
            for month, group in groupby(rows, key=lambda row: row["first_seen_at"][:7]):
                self._pages.setdefault(month, Page()).add(list(group))

    def _let_go(self, oldest: str) -> None:
        if self._start < oldest:
            self._pages = {m: page for m, page in self._pages.items() if m >= oldest}
            self._start = oldest


class Shelves:
    """All shelves of an archive. Safe to share between threads."""

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, str | None], Shelf] = {}
        self._lock = threading.Lock()

    def clear(self) -> None:
        with self._lock:
            self._shelves.clear()

    def nearest(
        self,
        connection: sqlite3.Connection,
        kind: str,
        dossier: str | None,
        vector: Vector,
        count: int,
        *,
        before: str,
        since: str,
    ) -> list[tuple[int, float]]:
        with self._lock:
            shelf = self._shelves.setdefault((kind, dossier), Shelf(kind, dossier))
            shelf.catch_up(connection, since[:7])
            return shelf.nearest(np.asarray(vector, np.float32), count, before, since)

    def forget(self, kind: str, dossier: str | None, numbers: set[int]) -> None:
        with self._lock:
            if (kind, dossier) in self._shelves:
                self._shelves[kind, dossier].forget(numbers)


_SHARED: WeakValueDictionary[tuple[str, int, int], Shelves] = WeakValueDictionary()
_SHARING = threading.Lock()


def shared_shelves(path: str, device: int, inode: int) -> Shelves:
    """The shelves of this file in this process: a sweep opens the archive anew for each stage, and
    must not read 10^5 vectors each time. They live as long as one archive that uses them."""
    with _SHARING:
        return _SHARED.setdefault((path, device, inode), Shelves())


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[sqlite3.Row]]:
    while rows := cursor.fetchmany(_BATCH):
        yield rows


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:7])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"

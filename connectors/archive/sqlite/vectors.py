"""Nearest neighbours by brute force: one matrix in memory for each kind and dossier.

At 10^5 vectors a look-up is one matrix-vector product of some 15 ms; an index that loads as an
extension was slower here, and the stdlib's sqlite3 may not load extensions at all.
"""

import sqlite3
import threading
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from connectors.archive.documents import Vector

_SELECT = """
SELECT number, id, ord, first_seen_at, vector FROM documents
WHERE kind = ? AND dossier IS ? AND vector IS NOT NULL AND first_seen_at >= ? AND number > ?
AND (kind <> 'articles' OR json_extract(body, '$.copy_of') IS NULL)
ORDER BY number
"""


@dataclass(slots=True)
class Shelf:
    """The vectors of one kind and dossier from a month on, in the order they were written."""

    month: str
    last: int = 0
    numbers: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    matrix: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def load(self, rows: list[sqlite3.Row]) -> None:
        """Append rows; the matrix grows by doubling, so that this is linear over time."""
        if not rows:
            return
        block = np.stack([np.frombuffer(row["vector"], "<f4") for row in rows])
        held, needed = len(self.ids), len(self.ids) + len(rows)
        if needed > len(self.matrix):
            grown = np.empty((max(needed, 2 * len(self.matrix)), block.shape[1]), np.float32)
            if held:
                grown[:held] = self.matrix[:held]
            self.matrix = grown
        self.matrix[held:needed] = block
        for row in rows:
            self.numbers.append(row["number"])
            self.ids.append(row["id"])
            self.orders.append(row["ord"])
            self.seen.append(row["first_seen_at"])
        self.last = self.numbers[-1]

    def nearest(
        self, vector: Vector, count: int, before: str, since: str
    ) -> list[tuple[int, float]]:
        """(document number, cosine), best first, ties by id; rounded, so that the size of the
        matrix, which changes the last digits, does not change the order."""
        n = len(self.ids)
        if n == 0 or count <= 0:
            return []
        scores = np.round(self.matrix[:n] @ vector.astype(np.float32), 6)
        width = min(n, 4 * count)
        while True:
            cut = np.partition(scores, n - width)[n - width] if width < n else -np.inf
            near = np.flatnonzero(scores >= cut)
            eligible = [int(i) for i in near if self.orders[i] < before and self.seen[i] >= since]
            if len(eligible) >= count or width == n:
                break
            width = min(n, 4 * width)
        eligible.sort(key=lambda i: (-scores[i], self.ids[i]))
        return [(self.numbers[i], float(scores[i])) for i in eligible[:count]]


class Shelves:
    """All shelves of an archive, kept up to date with what any process writes."""

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
            shelf = self._shelves.get((kind, dossier))
            if shelf is None or since[:7] < shelf.month:
                shelf = self._shelves[kind, dossier] = Shelf(month=since[:7])
            rows = connection.execute(_SELECT, (kind, dossier, shelf.month, shelf.last)).fetchall()
            shelf.load(rows)
            return shelf.nearest(vector, count, before, since)

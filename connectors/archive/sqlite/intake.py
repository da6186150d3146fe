"""Identity keys, the intake, and the state of feeds and dossiers."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from connectors.archive.codec import from_dict, storable, timestamp, to_dict
from connectors.archive.documents import (
    ArticleRef,
    Disposition,
    FeedRecord,
    Intake,
    month_start,
)
from connectors.archive.protocol import ArchiveError

CHUNK = 500  # SQLite takes some 32,000 parameters; this many keeps statements short


def identify(
    connection: sqlite3.Connection, keys: Sequence[str], proposed: ArticleRef
) -> ArticleRef:
    """See the protocol; within a transaction of the caller."""
    ref = proposed
    for key in keys:
        row = connection.execute(
            "SELECT article_id, month FROM keys WHERE key = ?", (storable(key),)
        ).fetchone()
        if row is not None:
            ref = ArticleRef(row["article_id"], row["month"])
            break
    connection.executemany(
        "INSERT OR IGNORE INTO keys (key, article_id, month) VALUES (?, ?, ?)",
        [(storable(key), ref.article_id, ref.month) for key in keys],
    )
    return ref


def admit(
    connection: sqlite3.Connection, entries: Sequence[Intake], feed: FeedRecord
) -> list[Intake]:
    """Entries that are new, then the feed's state; what the archive now holds under each id."""
    connection.executemany(
        "INSERT INTO intake (id, month, ord, disposition, reason, body) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        [
            (e.id, e.month, e.order, e.disposition, e.reason, json.dumps(to_dict(e)))
            for e in entries
        ],
    )
    connection.execute(
        "INSERT INTO feeds (name, body) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
        (feed.name, json.dumps(to_dict(feed))),
    )
    stored = get(connection, [entry.id for entry in entries])
    return [stored[entry.id] for entry in entries]


def get(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Intake]:
    return {
        row["id"]: _intake(row)
        for row in _chunked(connection, "SELECT * FROM intake WHERE id IN ({})", ids)
    }


def walk(connection: sqlite3.Connection, *, pending_only: bool) -> Iterator[Intake]:
    """In order, a page at a time: no cursor stays open while the caller writes."""
    condition = "disposition = 'pending' AND" if pending_only else ""
    last = ""
    while True:
        rows = connection.execute(
            f"SELECT * FROM intake WHERE {condition} ord > ? ORDER BY ord LIMIT ?", (last, CHUNK)
        ).fetchall()
        yield from map(_intake, rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1]["ord"]


def dispose(
    connection: sqlite3.Connection, id_: str, disposition: Disposition, reason: str, at: datetime
) -> None:
    updated = connection.execute(
        "UPDATE intake SET disposition = :disposition, reason = :reason, body = json_set(body, "
        "'$.disposition', :disposition, '$.reason', :reason, '$.disposed_at', :at) WHERE id = :id",
        {
            "id": id_,
            "disposition": disposition,
            "reason": storable(reason),
            "at": None if disposition == "pending" else timestamp(at),
        },
    )
    if updated.rowcount == 0:
        raise ArchiveError(f"there is no intake entry {id_}")


def dispositions(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        "SELECT disposition, reason, count(*) AS n FROM intake GROUP BY disposition, reason"
    )
    return {(row["disposition"], row["reason"]): row["n"] for row in rows}


def feeds(connection: sqlite3.Connection) -> dict[str, FeedRecord]:
    rows = connection.execute("SELECT name, body FROM feeds ORDER BY name").fetchall()
    return {row["name"]: from_dict(FeedRecord, json.loads(row["body"])) for row in rows}


def dossier_since(connection: sqlite3.Connection, dossier: str, now: datetime) -> datetime:
    connection.execute(
        "INSERT OR IGNORE INTO dossiers (name, since) VALUES (?, ?)", (dossier, timestamp(now))
    )
    row = connection.execute("SELECT since FROM dossiers WHERE name = ?", (dossier,)).fetchone()
    return datetime.fromisoformat(row["since"])


def slim(connection: sqlite3.Connection, before: str) -> None:
    """Take the texts from entries of months before; what identifies them stays. The month is that
    of an article's first revision: those that it had since keep theirs."""
    connection.execute(
        "UPDATE intake SET body = json_set(body, '$.title', '', '$.summary', '', '$.content', '') "
        "WHERE month < ? AND ord < ? AND disposition <> 'pending'",
        (before, timestamp(month_start(before))),
    )


def _chunked(
    connection: sqlite3.Connection, statement: str, values: Sequence[str]
) -> Iterable[sqlite3.Row]:
    for start in range(0, len(values), CHUNK):
        part = values[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        yield from connection.execute(statement.format(marks), part).fetchall()


def _intake(row: sqlite3.Row) -> Intake:
    return from_dict(Intake, json.loads(row["body"]))

"""Articles, claims, positions, developments and dead letters: one table for all."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from connectors.archive.checks import rejection
from connectors.archive.codec import from_dict, to_dict, vector_bytes, vector_from
from connectors.archive.documents import (
    KINDS,
    Article,
    Document,
    Kind,
    month_start,
    timestamp,
)
from connectors.archive.sqlite.intake import CHUNK

_KIND_OF: dict[type, Kind] = {cls: kind for kind, cls in KINDS.items()}
# Fields of a document that are columns; the rest is JSON in `body`.
_FIELDS = {
    "id": "id",
    "month": "month",
    "order": "ord",
    "first_seen_at": "first_seen_at",
    "dossier": "dossier",
    "article_id": "article_id",
    "text_hash": "text_hash",
    "root_id": "root_id",
    "family": "family",
    "superseded_by": "superseded_by",
    "title": "title",
    "text": "text",
}
_COLUMNS = ("kind", *_FIELDS.values(), "body", "vector")
_INSERT = f"INSERT INTO documents ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_INSERT_OR_MARK = (
    f"{_INSERT} ON CONFLICT (kind, id) DO UPDATE SET superseded_by = excluded.superseded_by WHERE "
    + " AND ".join(f"{name} IS excluded.{name}" for name in _COLUMNS if name != "superseded_by")
)
_PRUNE = """
    DELETE FROM documents
    WHERE kind = :kind AND month < :before AND first_seen_at < :start
    AND (article_id IS NULL OR article_id NOT IN (
        SELECT article_id FROM documents
        WHERE month < :before AND first_seen_at >= :start AND article_id IS NOT NULL
    ))
"""


def write(connection: sqlite3.Connection, documents: Sequence[Document]) -> dict[str, str]:
    """Store documents in order; returns those that can never be stored, with the reason."""
    rejected = {}
    for document in documents:
        reason = rejection(document)
        if reason is None:
            _write_row(connection, row_of(document))
        else:
            rejected[document.id] = reason
    return rejected


def _write_row(connection: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """A row keeps its number while nothing but its mark changes; any other change makes a new one,
    so that what is kept in memory by number is never out of date."""
    if connection.execute(_INSERT_OR_MARK, row).rowcount == 0:
        connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", row[:2])
        connection.execute(_INSERT, row)


def row_of(document: Document) -> tuple[Any, ...]:
    body = to_dict(document)
    held = {name: body.pop(name, None) for name in _FIELDS}
    held["order"] = held["order"] or held["first_seen_at"]
    held["title"], held["text"] = held["title"] or "", held["text"] or ""
    vector = vector_bytes(getattr(document, "vector", None))
    kind = _KIND_OF[type(document)]
    return kind, *held.values(), json.dumps(body, ensure_ascii=False), vector


def document_of(row: sqlite3.Row) -> Document:
    cls: type[Any] = KINDS[row["kind"]]
    held = {name: row[column] for name, column in _FIELDS.items()}
    document: Document = from_dict(cls, json.loads(row["body"]) | held, vector_from(row["vector"]))
    return document


def get(connection: sqlite3.Connection, kind: Kind, ids: Sequence[str]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        rows = connection.execute(
            f"SELECT * FROM documents WHERE kind = ? AND id IN ({marks})", (kind, *part)
        )
        found.update((row["id"], document_of(row)) for row in rows)
    return found


def by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Document]:
    """Those of the numbers (at most some thousand) that still are rows."""
    marks = ", ".join("?" * len(numbers))
    rows = connection.execute(f"SELECT * FROM documents WHERE number IN ({marks})", numbers)
    return {row["number"]: document_of(row) for row in rows}


def revisions(connection: sqlite3.Connection, article_id: str) -> list[Article]:
    rows = connection.execute(
        "SELECT * FROM documents WHERE kind = 'articles' AND article_id = ? ORDER BY ord",
        (article_id,),
    )
    return [article for row in rows if isinstance(article := document_of(row), Article)]


def same_text(
    connection: sqlite3.Connection, text_hash: str, before: str, since: str
) -> Article | None:
    row = connection.execute(
        "SELECT * FROM documents WHERE text_hash = ? AND ord < ? AND first_seen_at >= ? "
        "AND kind = 'articles' AND json_extract(body, '$.copy_of') IS NULL ORDER BY ord LIMIT 1",
        (text_hash, before, since),
    ).fetchone()
    found = document_of(row) if row is not None else None
    return found if isinstance(found, Article) else None


def corroboration(
    connection: sqlite3.Connection, root_ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    found = {}
    for root_id in set(root_ids):
        rows = connection.execute(
            "SELECT DISTINCT family FROM documents WHERE kind = 'claims' AND root_id = ? "
            "AND superseded_by IS NULL ORDER BY family",
            (root_id,),
        ).fetchall()
        if rows:
            found[root_id] = tuple(row["family"] for row in rows)
    return found


def export(connection: sqlite3.Connection, kind: Kind) -> Iterator[Document]:
    """In order, a page at a time, so that writing may go on meanwhile."""
    last = ("", "")
    while True:
        rows = connection.execute(
            "SELECT * FROM documents WHERE kind = ? AND (ord, id) > (?, ?) "
            "ORDER BY ord, id LIMIT ?",
            (kind, *last, CHUNK),
        ).fetchall()
        yield from map(document_of, rows)
        if len(rows) < CHUNK:
            return
        last = (rows[-1]["ord"], rows[-1]["id"])


def counts(connection: sqlite3.Connection) -> dict[Kind, int]:
    rows = connection.execute("SELECT kind, count(*) AS n FROM documents GROUP BY kind")
    found = {row["kind"]: row["n"] for row in rows}
    return {kind: found.get(kind, 0) for kind in KINDS}


def prune(connection: sqlite3.Connection, before: str) -> dict[Kind, int]:
    """The month is that of an article's first revision: an article that had one since stays."""
    given = {"before": before, "start": timestamp(month_start(before))}
    return {kind: connection.execute(_PRUNE, given | {"kind": kind}).rowcount for kind in KINDS}

"""Full-text search: words become a query that can never be a syntax error."""

import re
import sqlite3

from connectors.archive.codec import timestamp
from connectors.archive.protocol import Query

_FILTERS = {
    "dossier": "(d.dossier = :dossier OR EXISTS "
    "(SELECT 1 FROM json_each(d.body, '$.dossiers') WHERE value = :dossier))",
    "topic": "(d.body ->> '$.topic' = :topic OR EXISTS "
    "(SELECT 1 FROM json_each(d.body, '$.topics') WHERE key = :topic))",
    "party": "d.body ->> '$.party' = :party",
    "stance": "d.body ->> '$.stance' = :stance",
    "novelty": "d.body ->> '$.novelty' = :novelty",
    "publisher": "d.body ->> '$.publisher' = :publisher",
    "since": "d.first_seen_at >= :since",
    "until": "d.first_seen_at < :until",
}


def match_expression(words: str) -> str:
    """FTS5 for: all these words, and "quoted ones" next to each other.

    Every term is quoted, so `AND`, `*`, `:` or an odd quotation mark are only text.
    """
    terms = [
        phrase or word
        for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', words.replace("\0", " "))
    ]
    wordlike = [term for term in terms if re.search(r"\w", term)]
    return " ".join('"' + term.replace('"', " ") + '"' for term in wordlike)


def find(connection: sqlite3.Connection, kind: str, query: Query) -> list[sqlite3.Row]:
    """Rows of documents with `rank` (higher is better) and `excerpt`."""
    values = {
        "kind": kind,
        "limit": query.limit,
        "match": match_expression(query.words),
        "since": timestamp(query.since) if query.since else None,
        "until": timestamp(query.until) if query.until else None,
        **{
            name: getattr(query, name)
            for name in ("dossier", "topic", "party", "stance", "novelty", "publisher")
        },
    }
    conditions = ["d.kind = :kind"]
    conditions += [clause for name, clause in _FILTERS.items() if values[name] is not None]
    if not query.superseded:
        conditions.append("d.superseded_by IS NULL")
    where = " AND ".join(conditions)
    if not values["match"]:
        return connection.execute(
            f"SELECT d.*, 0.0 AS rank, substr(d.text, 1, 240) AS excerpt FROM documents d "
            f"WHERE {where} ORDER BY d.ord DESC, d.id LIMIT :limit",
            values,
        ).fetchall()
    return connection.execute(
        "SELECT d.*, -bm25(words, 3.0, 1.0) AS rank, "
        "snippet(words, -1, '[', ']', '…', 32) AS excerpt "
        "FROM words JOIN documents d ON d.number = words.rowid "
        f"WHERE words MATCH :match AND {where} "
        "ORDER BY rank DESC, d.ord DESC, d.id LIMIT :limit",
        values,
    ).fetchall()

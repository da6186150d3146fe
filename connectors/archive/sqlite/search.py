"""Full-text search: words become a query that can never be a syntax error."""

import re
import sqlite3

from connectors.archive.codec import storable, timestamp
from connectors.archive.protocol import MOST_WORDS, Query

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


_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
# The index holds stems, and "negotiato" is no prefix of "negoti": so a word that is cut off inside
# its ending is looked for with the ending filled up, too.
_ENDINGS = ("d", "e", "ed", "er", "es", "ing", "ion", "n", "ns", "on", "or", "r", "rs", "s", "y")


def match_expression(words: str) -> str:
    """FTS5 for: all these words, "quoted ones" next to each other, `begin*` as a prefix.

    Every term is quoted, so `AND`, `:` or an odd quotation mark are only text.
    """
    found = _TERM.findall(storable(words).replace("\ufffd", " "))
    terms = [_term(phrase, word) for phrase, word in found if re.search(r"[^\W_]", phrase or word)]
    return " AND ".join(list(dict.fromkeys(terms))[:MOST_WORDS])


def _term(phrase: str, word: str) -> str:
    prefix = word.rstrip("*")
    if phrase or prefix == word:
        return f'"{phrase or word}"'
    whole = " OR ".join(f'"{prefix}{ending}"' for ending in _ENDINGS)
    return f'("{prefix}" * OR {whole})'


def tidy(connection: sqlite3.Connection) -> None:
    """Merge the index: what was deleted is only marked in it, and takes its room until then."""
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def find(connection: sqlite3.Connection, kind: str, query: Query) -> list[sqlite3.Row]:
    """Rows of documents with `rank` (higher is better) and `excerpt`."""
    values = {
        "kind": kind,
        "limit": query.limit,
        "match": match_expression(query.words),
        "since": timestamp(query.since) if query.since else None,
        "until": timestamp(query.until) if query.until else None,
        **{
            name: storable(value) if (value := getattr(query, name)) is not None else None
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

"""The tables, and the way from one version of them to the next.

`documents` holds all kinds: what is searched or filtered by has a column, the rest is JSON in
`body`. `title` and `text` are columns since the full-text index reads them from there.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from connectors.archive.protocol import ArchiveSchemaError
from connectors.archive.sqlite.connection import transaction

APPLICATION_ID = 0x7061726C  # "parl", read by `file` and by `PRAGMA application_id`

_VERSION_1 = """
CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    article_id TEXT NOT NULL,
    month TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE intake (
    id TEXT PRIMARY KEY,
    month TEXT NOT NULL,
    ord TEXT NOT NULL,
    disposition TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX intake_order ON intake (ord);
CREATE INDEX intake_pending ON intake (ord) WHERE disposition = 'pending';
CREATE INDEX intake_ended ON intake (disposition, reason);

CREATE TABLE feeds (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE dossiers (name TEXT PRIMARY KEY, since TEXT NOT NULL);

CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    month TEXT NOT NULL,
    ord TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    dossier TEXT,
    article_id TEXT,
    text_hash TEXT,
    root_id TEXT,
    family TEXT,
    superseded_by TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    body TEXT NOT NULL,
    vector BLOB,
    UNIQUE (kind, id)
);
CREATE INDEX documents_order ON documents (kind, ord, id);
CREATE INDEX documents_month ON documents (month);
CREATE INDEX documents_article ON documents (article_id) WHERE kind = 'articles';
CREATE INDEX documents_hash ON documents (text_hash, ord) WHERE text_hash IS NOT NULL;
CREATE INDEX documents_root ON documents (root_id) WHERE kind = 'claims';
CREATE INDEX documents_memory ON documents (kind, first_seen_at, dossier)
    WHERE vector IS NOT NULL;

CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = 'documents', content_rowid = 'number',
    tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE TRIGGER words_insert AFTER INSERT ON documents BEGIN
    INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER words_delete AFTER DELETE ON documents BEGIN
    INSERT INTO words (words, rowid, title, text)
    VALUES ('delete', old.number, old.title, old.text);
END;
CREATE TRIGGER words_update AFTER UPDATE ON documents
WHEN old.title <> new.title OR old.text <> new.text BEGIN
    INSERT INTO words (words, rowid, title, text)
    VALUES ('delete', old.number, old.title, old.text);
    INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
"""
MIGRATIONS: tuple[str, ...] = (_VERSION_1,)


def migrate(
    connection: sqlite3.Connection, origin: str, migrations: Sequence[str] = MIGRATIONS
) -> None:
    """Bring an archive, or an empty file, to the newest version; each step is one transaction.

    The version is read again inside it: another process may have made the step meanwhile.

    Raises:
        ArchiveSchemaError: the file belongs to something else, or to a newer version.
    """
    while check(connection, origin, migrations) < len(migrations):
        with transaction(connection):
            version = check(connection, origin, migrations)
            for statement in _statements("".join(migrations[version : version + 1])):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {min(version + 1, len(migrations))}")


def check(
    connection: sqlite3.Connection, origin: str, migrations: Sequence[str] = MIGRATIONS
) -> int:
    """The version of the archive, 0 for an empty file. Raises as `migrate` does.

    Tables are counted first: while this looks, another process may make the archive.
    """
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID and (tables or application):
        raise ArchiveSchemaError(f"{origin} is an SQLite file, but no Parley archive")
    if version > len(migrations):
        raise ArchiveSchemaError(
            f"{origin} has schema {version}; this version of Parley reads up to "
            f"{len(migrations)}. Install a newer Parley."
        )
    return version


def shrink(connection: sqlite3.Connection) -> None:
    """Give the pages that were freed back to the file system.

    As a script, since that steps to the end: `execute` stops after the first page.
    """
    connection.executescript("PRAGMA incremental_vacuum")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _statements(script: str) -> Iterator[str]:
    """One by one, triggers whole. `executescript` would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement

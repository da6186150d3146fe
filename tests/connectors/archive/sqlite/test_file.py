"""The file itself: its schema and migrations, files of others, space that is given back."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive.open import check_archive, open_archive, set_up_archive
from connectors.archive.protocol import (
    ArchiveBusy,
    ArchiveError,
    ArchiveMissing,
    ArchiveSchemaError,
    ArchiveUnavailable,
)
from connectors.archive.sqlite import SqliteArchive
from connectors.archive.sqlite.schema import APPLICATION_ID, MIGRATIONS, check, migrate
from tests.connectors.archive.samples import START, article, at, claim, dead_letter

TERM = at(10) - START


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_it_is_one_file_in_wal_mode_that_says_what_it_is(path: Path) -> None:
    SqliteArchive(path).close()
    assert pragma(path, "journal_mode") == "wal"
    assert pragma(path, "application_id") == APPLICATION_ID
    assert pragma(path, "user_version") == len(MIGRATIONS)
    assert sorted(file.name for file in path.parent.iterdir()) == ["archive.db"]


def test_readers_do_not_wait_for_a_writer(path: Path) -> None:
    with closing(SqliteArchive(path)) as archive, closing(sqlite3.connect(path)) as other:
        archive.write([claim("a")])
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM documents")
        assert archive.counts()["claims"] == 1
        with closing(SqliteArchive(path)) as newcomer:
            assert newcomer.counts()["claims"] == 1


def test_where_nothing_is_nothing_is_made_unless_asked_to(path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive at"):
        SqliteArchive(path, create=False)
    assert not path.exists()


def test_to_look_makes_no_archive_of_an_empty_file(path: Path) -> None:
    path.touch()
    with pytest.raises(ArchiveMissing, match="setup"):
        SqliteArchive(path, create=False)
    assert check_archive(f"sqlite:///{path}") == [str(path)]
    assert path.read_bytes() == b""
    assert set_up_archive(f"sqlite:///{path}") == [str(path)]
    assert check_archive(f"sqlite:///{path}") == []


def test_a_link_to_an_archive_is_the_same_archive(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    with (
        closing(SqliteArchive(path)) as one,
        closing(SqliteArchive(link)) as other,
        one.lease("run one", START, TERM),
        pytest.raises(ArchiveBusy, match="run one"),
    ):
        other.lease("run two", START, TERM)


def test_a_folder_that_is_missing_is_named(path: Path) -> None:
    with pytest.raises(ArchiveUnavailable, match=r"missing/archive\.db cannot be opened"):
        open_archive(f"sqlite:///{path.parent}/missing/archive.db")


def test_a_folder_is_no_archive(path: Path) -> None:
    with pytest.raises(ArchiveUnavailable):
        SqliteArchive(path.parent)


@pytest.mark.parametrize(
    "url", ["", "parley.db", "sqlite:///", "mysql://x/y", "sqlite://host/x.db"]
)
def test_other_addresses_are_refused_with_an_example(url: str) -> None:
    with pytest.raises(ArchiveError, match=r"sqlite:///parley\.db"):
        open_archive(url)


def foreign_text(path: Path) -> None:
    path.write_text("Not a database, but a long letter to the editor.\n" * 100)


def foreign_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
        connection.commit()


def foreign_application_id(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1234")
        connection.commit()


def foreign_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmarks (url)")
        connection.commit()


def newer_schema(path: Path) -> None:
    SqliteArchive(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (foreign_text, "no readable SQLite file"),
        (foreign_application, "no Parley archive"),
        (foreign_application_id, "no Parley archive"),
        (foreign_wal, "no Parley archive"),
        (newer_schema, "Install a newer Parley"),
    ],
)
def test_what_is_not_ours_is_told_and_left_untouched(
    path: Path, make: Callable[[Path], None], message: str
) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(ArchiveSchemaError, match=message) as error:
        SqliteArchive(path)
    assert str(path) in str(error.value)
    assert path.read_bytes() == before


def test_an_archive_cut_short_is_told(path: Path) -> None:
    with closing(SqliteArchive(path)) as archive:
        archive.write([claim(f"c{n}") for n in range(100)])
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(ArchiveError), closing(SqliteArchive(path)) as archive:
        list(archive.export("claims"))


FIRST = "CREATE TABLE notes (text TEXT);\nINSERT INTO notes VALUES ('kept; whole');\n"
SECOND = """
ALTER TABLE notes ADD COLUMN author TEXT;
CREATE TRIGGER signed AFTER INSERT ON notes BEGIN
    UPDATE notes SET author = 'nobody' WHERE author IS NULL;
    DELETE FROM notes WHERE text = '';
END;
"""
BROKEN = "CREATE TABLE half (x);\nINSERT INTO missing VALUES (1);\n"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def test_an_older_archive_is_brought_forward_step_by_step(connection: sqlite3.Connection) -> None:
    migrate(connection, "it", [FIRST])
    assert check(connection, "it", [FIRST, SECOND]) == 1
    migrate(connection, "it", [FIRST, SECOND])
    connection.execute("INSERT INTO notes (text) VALUES ('new')")
    rows = connection.execute("SELECT text, author FROM notes ORDER BY rowid").fetchall()
    assert rows == [("kept; whole", "nobody"), ("new", "nobody")]
    assert check(connection, "it", [FIRST, SECOND]) == 2
    migrate(connection, "it", [FIRST, SECOND])
    with pytest.raises(ArchiveSchemaError, match="schema 2"):
        migrate(connection, "it", [FIRST])


def test_a_migration_that_fails_leaves_the_version_before(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="missing"):
        migrate(connection, "it", [FIRST, BROKEN])
    assert check(connection, "it", [FIRST, BROKEN]) == 1
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("notes",)]
    migrate(connection, "it", [FIRST, SECOND])
    assert check(connection, "it", [FIRST, SECOND]) == 2


def words_held(path: Path) -> int:
    """Bytes of the full-text index."""
    with closing(sqlite3.connect(path)) as connection:
        total = connection.execute("SELECT sum(length(block)) FROM words_data").fetchone()[0]
    return int(total)


def test_pruning_gives_the_space_back(path: Path) -> None:
    with closing(SqliteArchive(path)) as archive:
        archive.write([article(f"a{n}", text=f"word{n} " * 2000) for n in range(100)])
        archive.write([article("b", 60 * 24 * 40), dead_letter("x", 60 * 24 * 40)])
        archive.prune("2026-03")
        before = path.stat().st_size
        archive.prune("2026-04")
        assert path.stat().st_size < before / 3
        assert words_held(path) < 100  # bytes; the index only marks what was deleted
        assert archive.get("articles", ["b"]) == {"b": article("b", 60 * 24 * 40)}

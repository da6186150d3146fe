"""The archive in one SQLite file: the embedded default."""

from connectors.archive.sqlite.store import SqliteArchive

__all__ = ["SqliteArchive"]

"""The archive in one SQLite file: the embedded default."""

from connectors.archive.sqlite.store import SqliteArchive, is_set_up

__all__ = ["SqliteArchive", "is_set_up"]

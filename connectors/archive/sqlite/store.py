"""`SqliteArchive`: the contract of `connectors.archive.protocol` over one file."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from connectors.archive.codec import timestamp
from connectors.archive.documents import (
    Article,
    ArticleRef,
    Disposition,
    Document,
    FeedRecord,
    Intake,
    Kind,
    Vector,
)
from connectors.archive.protocol import ArchiveMissing, DocumentRejected, Hit, Neighbour, Query
from connectors.archive.sqlite import documents as docs
from connectors.archive.sqlite import intake as entries
from connectors.archive.sqlite import schema, search
from connectors.archive.sqlite.connection import Connections, connect, translated
from connectors.archive.sqlite.lease import FileLease
from connectors.archive.sqlite.vectors import Shelves, shared_shelves


class SqliteArchive:
    """See `Archive` for what each method promises. All of it is realtime here."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        path = path.resolve()  # SQLite follows a link too: one file, one lease
        if not is_set_up(path) and not create:
            if path.exists():
                raise ArchiveMissing(f"{path} is empty, or older: `parley setup` renews it")
            raise ArchiveMissing(f"there is no archive at {path}")
        self._connections = Connections(path, create=create)
        try:
            with translated(path):
                schema.migrate(self._connections.get(), str(path))
        except BaseException:
            self._connections.close()
            raise
        status = path.stat()
        self._shelves = shared_shelves(str(path), status.st_dev, status.st_ino)

    def lease(self, holder: str, now: datetime, term: timedelta) -> FileLease:
        path = self._connections.path
        return FileLease(path.with_name(path.name + ".lock"), holder, now)

    def refresh(self) -> None:
        """Nothing to do: every read sees every commit."""

    def close(self) -> None:
        self._connections.close()
        self._shelves = Shelves()

    def identify(self, keys: Sequence[str], proposed: ArticleRef) -> ArticleRef:
        with self._connections.writing() as connection:
            return entries.identify(connection, keys, proposed)

    def admit(self, entries_: Sequence[Intake], feed: FeedRecord) -> list[Intake]:
        with self._connections.writing() as connection:
            return entries.admit(connection, entries_, feed)

    def intake(self, ids: Sequence[str]) -> dict[str, Intake]:
        with self._connections.reading() as connection:
            return entries.get(connection, ids)

    def pending(self) -> Iterator[Intake]:
        with self._connections.reading() as connection:
            yield from entries.walk(connection, pending_only=True)

    def entries(self) -> Iterator[Intake]:
        with self._connections.reading() as connection:
            yield from entries.walk(connection, pending_only=False)

    def dispose(self, id: str, disposition: Disposition, reason: str, at: datetime) -> None:
        with self._connections.writing() as connection:
            entries.dispose(connection, id, disposition, reason, at)

    def dispositions(self) -> dict[tuple[str, str], int]:
        with self._connections.reading() as connection:
            return entries.dispositions(connection)

    def feeds(self) -> dict[str, FeedRecord]:
        with self._connections.reading() as connection:
            return entries.feeds(connection)

    def dossier_since(self, dossier: str, now: datetime) -> datetime:
        with self._connections.writing() as connection:
            return entries.dossier_since(connection, dossier, now)

    def write(self, documents: Sequence[Document]) -> None:
        with self._connections.writing() as connection:
            rejected = docs.write(connection, documents)
        if rejected:
            raise DocumentRejected(rejected)

    def get(self, kind: Kind, ids: Iterable[str]) -> dict[str, Document]:
        with self._connections.reading() as connection:
            return docs.get(connection, kind, list(ids))

    def neighbours(
        self,
        kind: Kind,
        vector: Vector,
        count: int,
        *,
        before: str,
        since: datetime,
        dossier: str | None = None,
    ) -> list[Neighbour]:
        start = timestamp(since)
        with self._connections.reading() as connection:
            while True:
                near = self._shelves.nearest(
                    connection, kind, dossier, vector, count, before=before, since=start
                )
                found = docs.by_number(connection, [number for number, _ in near])
                gone = {number for number, _ in near} - found.keys()
                if not gone:
                    return [Neighbour(found[number], score) for number, score in near]
                self._shelves.forget(kind, dossier, gone)

    def revisions(self, article_id: str) -> list[Article]:
        with self._connections.reading() as connection:
            return docs.revisions(connection, article_id)

    def corroboration(self, root_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        with self._connections.reading() as connection:
            return docs.corroboration(connection, root_ids)

    def same_text(self, text_hash: str, *, before: str, since: datetime) -> Article | None:
        with self._connections.reading() as connection:
            return docs.same_text(connection, text_hash, before, timestamp(since))

    def search(self, kind: Kind, query: Query) -> list[Hit]:
        with self._connections.reading() as connection:
            rows = search.find(connection, kind, query)
        return [Hit(docs.document_of(row), row["rank"], row["excerpt"]) for row in rows]

    def export(self, kind: Kind) -> Iterator[Document]:
        with self._connections.reading() as connection:
            yield from docs.export(connection, kind)

    def counts(self) -> dict[Kind, int]:
        with self._connections.reading() as connection:
            return docs.counts(connection)

    def prune(self, before: str) -> dict[Kind, int]:
        with self._connections.writing() as connection:
            deleted = docs.prune(connection, before)
            entries.slim(connection, before)
            search.tidy(connection)
        with self._connections.reading() as connection:
            schema.shrink(connection)
        self._shelves.clear()
        return deleted


def is_set_up(path: Path) -> bool:
    """Whether an archive of this version is there; nothing is changed.

    Raises:
        ArchiveError: the file is not ours, or cannot be read.
    """
    if not path.exists():
        return False
    with translated(path), closing(connect(path, "ro")) as connection:
        return schema.check(connection, str(path)) == len(schema.MIGRATIONS)

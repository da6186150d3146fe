"""`ElasticArchive`: the contract of `connectors.archive.protocol` over a cluster."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Final

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
from connectors.archive.elastic import documents as docs
from connectors.archive.elastic import intake as entries
from connectors.archive.elastic import memory, schema, search
from connectors.archive.elastic.address import Address, connection
from connectors.archive.elastic.cluster import ALL, Cluster
from connectors.archive.elastic.lease import DocumentLease
from connectors.archive.protocol import ArchiveMissing, ArchiveUnavailable, Hit, Neighbour, Query
from connectors.elasticsearch import BulkOptions, Refused, connect

BULK: Final = BulkOptions()


class ElasticArchive:
    """See `Archive` for what each method promises."""

    def __init__(self, address: Address, *, create: bool = True, bulk: BulkOptions = BULK) -> None:
        with ExitStack() as on_failure:
            self._cluster = open_cluster(address, bulk)
            on_failure.callback(self.close)
            if not schema.is_set_up(self._cluster):
                if not create:
                    raise ArchiveMissing(f"there is no archive at {address}")
                schema.set_up(self._cluster)
            elif create:  # who may make an archive writes, and months to come need the templates
                schema.check_templates(self._cluster)
            on_failure.pop_all()

    def lease(self, holder: str, now: datetime, term: timedelta) -> DocumentLease:
        return DocumentLease(self._cluster, holder, now, term)

    def refresh(self) -> None:
        self._cluster.refresh(self._cluster.names.all, ignore_unavailable=True)

    def close(self) -> None:
        self._cluster.client.close()

    def identify(self, keys: Sequence[str], proposed: ArticleRef) -> ArticleRef:
        return entries.identify(self._cluster, keys, proposed)

    def admit(self, entries_: Sequence[Intake], feed: FeedRecord) -> list[Intake]:
        return entries.admit(self._cluster, entries_, feed)

    def intake(self, ids: Sequence[str]) -> dict[str, Intake]:
        return entries.get(self._cluster, ids)

    def pending(self) -> Iterator[Intake]:
        return entries.walk(self._cluster, {"term": {"disposition": "pending"}})

    def entries(self) -> Iterator[Intake]:
        return entries.walk(self._cluster, ALL)

    def dispose(self, id: str, disposition: Disposition, reason: str, at: datetime) -> None:
        entries.dispose(self._cluster, id, disposition, reason, at)

    def dispositions(self) -> dict[tuple[str, str], int]:
        return entries.dispositions(self._cluster)

    def feeds(self) -> dict[str, FeedRecord]:
        return entries.feeds(self._cluster)

    def dossier_since(self, dossier: str, now: datetime) -> datetime:
        return entries.dossier_since(self._cluster, dossier, now)

    def write(self, documents: Sequence[Document]) -> None:
        docs.write(self._cluster, documents)

    def get(self, kind: Kind, ids: Iterable[str]) -> dict[str, Document]:
        return docs.get(self._cluster, kind, ids)

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
        return memory.nearest(
            self._cluster, kind, vector, count, before=before, since=since, dossier=dossier
        )

    def revisions(self, article_id: str) -> list[Article]:
        return memory.revisions(self._cluster, article_id)

    def corroboration(self, root_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return memory.corroboration(self._cluster, root_ids)

    def same_text(self, text_hash: str, *, before: str, since: datetime) -> Article | None:
        return memory.same_text(self._cluster, text_hash, before=before, since=since)

    def search(self, kind: Kind, query: Query) -> list[Hit]:
        return search.find(self._cluster, kind, query)

    def export(self, kind: Kind) -> Iterator[Document]:
        return docs.export(self._cluster, kind)

    def counts(self) -> dict[Kind, int]:
        return docs.counts(self._cluster)

    def prune(self, before: str) -> dict[Kind, int]:
        deleted = docs.prune(self._cluster, before)
        entries.slim(self._cluster, before)
        return deleted


def open_cluster(address: Address, bulk: BulkOptions = BULK) -> Cluster:
    """A connection that has sent nothing yet.

    Raises:
        ArchiveUnavailable: a file with a credential or certificate cannot be read.
    """
    try:
        return Cluster(connect(connection(address)), address, bulk)
    except Refused as error:
        raise ArchiveUnavailable(f"{address} cannot be used: {error}") from error

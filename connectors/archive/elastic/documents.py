"""Articles, claims, positions, developments and dead letters: an index a kind and month."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import NotFoundError

from connectors.archive.checks import rejection
from connectors.archive.documents import (
    KINDS,
    DeadLetter,
    Document,
    Kind,
    month_start,
)
from connectors.archive.elastic.cluster import ALL, Cluster
from connectors.archive.elastic.fields import from_source, nanos, to_source
from connectors.archive.protocol import ArchiveSchemaError, DocumentRejected
from connectors.elasticsearch import BulkDocument

IN_ORDER = ("order", "id")
_KIND_OF: dict[type, Kind] = {cls: kind for kind, cls in KINDS.items()}


def write(cluster: Cluster, documents: Sequence[Document]) -> None:
    """Store documents; those that can never be stored are named when the others are."""
    rejected = {one.id: why for one in documents if (why := rejection(one)) is not None}
    good = [one for one in documents if rejection(one) is None] if rejected else documents
    try:
        cluster.write(_bulk(cluster, one) for one in good)
    except DocumentRejected as error:
        rejected |= error.rejected
    _leave_other_months(cluster, [one for one in good if isinstance(one, DeadLetter)])
    if rejected:
        raise DocumentRejected(rejected)


def _bulk(cluster: Cluster, document: Document) -> BulkDocument:
    index = cluster.names.monthly(_KIND_OF[type(document)], document.month)
    return BulkDocument(index, document.id, to_source(document))


def _leave_other_months(cluster: Cluster, letters: Sequence[DeadLetter]) -> None:
    """A letter of the same id is the same letter, also when it comes again in another month.

    All else keeps the month that its article was given once.
    """
    if not letters:
        return
    months = cluster.months("dead_letters")
    places = [
        (cluster.names.monthly("dead_letters", month), letter.id)
        for letter in letters
        for month in months
        if month != letter.month
    ]
    for found in cluster.gather(places):
        _delete(cluster, found["_index"], found["_id"])


def _delete(cluster: Cluster, index: str, id_: str) -> None:
    try:
        cluster.call(lambda: cluster.client.delete(index=index, id=id_))
    except ArchiveSchemaError as error:
        if not isinstance(error.__cause__, NotFoundError):
            raise


def get(cluster: Cluster, kind: Kind, ids: Iterable[str]) -> dict[str, Document]:
    """By realtime get. An id does not tell its month, so every month is asked: some 20 µs each."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    indices = [cluster.names.monthly(kind, month) for month in cluster.months(kind)]
    found = cluster.gather((index, id_) for index in indices for id_ in wanted)
    by_id = {one["_id"]: record(kind, one["_source"]) for one in found}
    return {id_: by_id[id_] for id_ in wanted if id_ in by_id}


def record(kind: Kind, source: Any) -> Document:
    cls: type[Any] = KINDS[kind]
    document: Document = from_source(cls, source)
    return document


def export(cluster: Cluster, kind: Kind) -> Iterator[Document]:
    for source in cluster.scan(cluster.names.alias(kind), ALL, IN_ORDER):
        yield record(kind, source)


def counts(cluster: Cluster) -> dict[Kind, int]:
    return {kind: _count(cluster, cluster.names.alias(kind)) for kind in KINDS}


def _count(cluster: Cluster, index: str, query: Mapping[str, Any] = ALL) -> int:
    answer = cluster.search(index, query=query, size=0, track_total_hits=True)
    total: int = answer["hits"]["total"]["value"]
    return total


def prune(cluster: Cluster, before: str) -> dict[Kind, int]:
    """Delete whole indices: nothing else frees space at once.

    So where one article of a month had a revision since, the month stays.
    """
    since = {"range": {"@timestamp": {"gte": nanos(month_start(before))}}}
    old = {
        (kind, month): cluster.names.monthly(kind, month)
        for kind in KINDS
        for month in cluster.months(kind)
        if month < before
    }
    for index in old.values():
        cluster.refresh(index)
    left = {month for (_, month), index in old.items() if _count(cluster, index, since)}
    deleted = dict[Kind, int]()
    for kind in KINDS:
        indices = [index for (of, month), index in old.items() if of == kind and month not in left]
        deleted[kind] = sum(_count(cluster, index) for index in indices)
        for index in indices:
            _drop(cluster, index)
    return deleted


def _drop(cluster: Cluster, index: str) -> None:
    cluster.call(lambda: cluster.client.indices.delete(index=index, ignore_unavailable=True))

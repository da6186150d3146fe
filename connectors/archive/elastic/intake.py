"""Identity keys, the intake, and the state of feeds and dossiers."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from elasticsearch import NotFoundError

from connectors.archive.codec import storable, timestamp, to_dict
from connectors.archive.documents import (
    ArticleRef,
    Disposition,
    FeedRecord,
    Intake,
    month_start,
)
from connectors.archive.elastic.cluster import ALL, Cluster
from connectors.archive.elastic.fields import from_source, nanos, to_source
from connectors.archive.protocol import ArchiveError, ArchiveSchemaError
from connectors.elasticsearch import BulkDocument

CONFLICTS = 5  # attempts of an update that meets another of the same entry
SLIMMED = 2000  # entries a request takes the texts from


def identify(cluster: Cluster, keys: Sequence[str], proposed: ArticleRef) -> ArticleRef:
    """Bind the first key before all others: who creates it decides for all that race."""
    if not keys:
        return proposed
    bound = _bound(cluster, keys)
    ref = next((bound[key] for key in keys if key in bound), proposed)
    free = [key for key in keys if key not in bound]
    if keys[0] in free and not _bind(cluster, [free.pop(0)], ref):
        ref = _bound(cluster, keys[:1])[keys[0]]  # another was faster
    _bind(cluster, free, ref)
    return ref


def _bound(cluster: Cluster, keys: Sequence[str]) -> dict[str, ArticleRef]:
    index = cluster.names.fixed("identity")
    by_id = {key_id(key): key for key in keys}
    return {
        by_id[found["_id"]]: from_source(ArticleRef, found["_source"])
        for found in cluster.gather((index, id_) for id_ in by_id)
    }


def _bind(cluster: Cluster, keys: Sequence[str], ref: ArticleRef) -> bool:
    """Whether all were free. A key that is bound already stays with its article."""
    index = cluster.names.fixed("identity")
    written = cluster.write(
        BulkDocument(index, key_id(key), {"key": storable(key), **to_dict(ref)}, op="create")
        for key in keys
    )
    return all(one.result == "created" for one in written)


def key_id(key: str) -> str:
    """Keys may be longer than the 512 bytes that Elasticsearch allows an id."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def admit(cluster: Cluster, entries: Sequence[Intake], feed: FeedRecord) -> list[Intake]:
    """Entries that are new, then the feed's state; what the archive now holds under each id."""
    index = cluster.names.fixed("intake")
    cluster.write(BulkDocument(index, one.id, to_source(one), op="create") for one in entries)
    body = to_source(feed)
    cluster.write([BulkDocument(cluster.names.fixed("feeds"), key_id(feed.name), body)])
    stored = get(cluster, [entry.id for entry in entries])
    return [stored[entry.id] for entry in entries]


def get(cluster: Cluster, ids: Sequence[str]) -> dict[str, Intake]:
    index = cluster.names.fixed("intake")
    found = cluster.gather((index, id_) for id_ in dict.fromkeys(ids))
    return {one["_id"]: from_source(Intake, one["_source"]) for one in found}


def walk(cluster: Cluster, query: Mapping[str, Any]) -> Iterator[Intake]:
    """In order; an entry's order is its alone and never changes, so pages need no snapshot."""
    index = cluster.names.fixed("intake")
    for source in cluster.scan(index, query, ["order"], must_exist=True):
        yield from_source(Intake, source)


def dispose(
    cluster: Cluster, id_: str, disposition: Disposition, reason: str, at: datetime
) -> None:
    ended = None if disposition == "pending" else timestamp(at)
    change = {"disposition": disposition, "reason": reason, "disposed_at": ended}
    try:
        cluster.call(
            lambda: cluster.client.update(
                index=cluster.names.fixed("intake"),
                id=id_,
                doc=change,
                retry_on_conflict=CONFLICTS,
            )
        )
    except ArchiveSchemaError as error:
        cause = error.__cause__
        if isinstance(cause, NotFoundError) and cause.error == "document_missing_exception":
            raise ArchiveError(f"there is no intake entry {id_}") from error
        raise


def dispositions(cluster: Cluster) -> dict[tuple[str, str], int]:
    tally = cluster.tally(cluster.names.fixed("intake"), ALL, ["disposition", "reason"])
    return {(values[0], values[1]): count for values, count in tally}


def feeds(cluster: Cluster) -> dict[str, FeedRecord]:
    """Realtime by a refresh of this small index alone: names of feeds are not known beforehand."""
    index = cluster.names.fixed("feeds")
    cluster.refresh(index)
    sources = cluster.scan(index, ALL, ["name"], must_exist=True)
    return {source["name"]: from_source(FeedRecord, source) for source in sources}


def dossier_since(cluster: Cluster, dossier: str, now: datetime) -> datetime:
    index, id_ = cluster.names.fixed("state"), f"dossier-{key_id(dossier)}"
    body = {"name": storable(dossier), "since": timestamp(now)}
    if not (found := list(cluster.gather([(index, id_)]))):
        cluster.write([BulkDocument(index, id_, body, op="create")])
        found = list(cluster.gather([(index, id_)]))
    return datetime.fromisoformat(found[0]["_source"]["since"])


def slim(cluster: Cluster, before: str) -> None:
    """Take the texts from ended entries of months before; what identifies them stays. The month is
    that of an article's first revision: those that it had since keep theirs.

    Some thousand a request, so that none runs into its timeout; a second one finds the rest.
    """
    index = cluster.names.fixed("intake")
    query = {
        "bool": {
            "filter": [
                {"range": {"month": {"lt": before}}},
                {"range": {"@timestamp": {"lt": nanos(month_start(before))}}},
            ],
            "must_not": [{"term": {"disposition": "pending"}}, {"term": {"slim": True}}],
        }
    }
    source = "for (name in params.texts) { ctx._source[name] = '' } ctx._source.slim = true"
    script = {"source": source, "params": {"texts": ["title", "summary", "content"]}}
    changed = 1
    while changed:
        answer = cluster.call(
            lambda: cluster.client.update_by_query(
                index=index,
                query=query,
                script=script,
                max_docs=SLIMMED,
                conflicts="proceed",
                refresh=True,
            )
        )
        changed = answer["updated"]

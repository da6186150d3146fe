"""What duplicates and novelty are judged against: neighbours, same text, revisions, families."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import numpy as np

from connectors.archive.codec import storable
from connectors.archive.documents import Article, Document, Kind, Vector
from connectors.archive.elastic.cluster import Cluster, chunks
from connectors.archive.elastic.documents import IN_ORDER, record
from connectors.archive.elastic.fields import from_source, nanos, numbers
from connectors.archive.protocol import MOST_HITS, Neighbour

Query = Mapping[str, Any]
MARGIN: Final = 8
ROOTS: Final = 10_000  # asked for in one query; `index.max_terms_count` allows 65,536
DIGITS: Final = 6  # of a cosine; float32 sums differ in the seventh, whoever adds them up
# A filtered search of flat vectors also returns documents without one, with the score 0.
HAS_VECTOR: Final[Query] = {"exists": {"field": "vector"}}
COPY: Final[Query] = {"exists": {"field": "copy_of"}}
SUPERSEDED: Final[Query] = {"exists": {"field": "superseded_by"}}


def bounds(before: str, since: datetime) -> list[Query]:
    """First seen within the horizon, strictly before this place in the order."""
    return [
        {"range": {"@timestamp": {"gte": nanos(since)}}},
        {"range": {"order": {"lt": before}}},
    ]


def nearest(
    cluster: Cluster,
    kind: Kind,
    vector: Vector,
    count: int,
    *,
    before: str,
    since: datetime,
    dossier: str | None,
) -> list[Neighbour]:
    """See the protocol. Elasticsearch finds the candidates; cosines are computed here from the
    vectors, rounded and ordered as in every other store."""
    if count <= 0:
        return []
    filters = [HAS_VECTOR, *bounds(before, since)]
    if dossier is not None:
        filters.append({"term": {"dossier": storable(dossier)}})
    query = {"bool": {"filter": filters, "must_not": [COPY]}}
    width = count + MARGIN
    while True:
        found = _candidates(cluster, kind, vector, width, query)
        whole = len(found) < width or width >= MOST_HITS
        if whole or found[count - 1].score - found[-1].score > 2 * 10**-DIGITS:
            return found[:count]
        width = min(4 * width, MOST_HITS)  # more are equally near than were asked for


def _candidates(
    cluster: Cluster, kind: Kind, vector: Vector, width: int, query: Query
) -> list[Neighbour]:
    knn = {
        "field": "vector",
        "query_vector": numbers(vector),
        "k": width,
        "num_candidates": width,
        "filter": query,
    }
    alias = cluster.names.alias(kind)
    answer = cluster.search(alias, knn=knn, size=width, track_total_hits=False)
    documents = [record(kind, hit["_source"]) for hit in answer["hits"]["hits"]]
    return scored(documents, vector)


def scored(documents: Sequence[Document], vector: Vector) -> list[Neighbour]:
    """Best first, ties by id."""
    if not documents:
        return []
    matrix = np.stack([cast("Vector", cast("Article", one).vector) for one in documents])
    cosines = np.round(matrix @ vector.astype(np.float32), DIGITS)
    found = [Neighbour(one, float(cosine)) for one, cosine in zip(documents, cosines, strict=True)]
    return sorted(found, key=lambda one: (-one.score, one.document.id))


def same_text(cluster: Cluster, text_hash: str, *, before: str, since: datetime) -> Article | None:
    filters = [{"term": {"text_hash": storable(text_hash)}}, *bounds(before, since)]
    answer = cluster.search(
        cluster.names.alias("articles"),
        query={"bool": {"filter": filters, "must_not": [COPY]}},
        sort=[{field: "asc"} for field in IN_ORDER],
        size=1,
        track_total_hits=False,
    )
    hits = answer["hits"]["hits"]
    return from_source(Article, hits[0]["_source"]) if hits else None


def revisions(cluster: Cluster, article_id: str) -> list[Article]:
    query = {"bool": {"filter": [{"term": {"article_id": storable(article_id)}}]}}
    sources = cluster.scan(cluster.names.alias("articles"), query, IN_ORDER)
    return [from_source(Article, source) for source in sources]


def corroboration(cluster: Cluster, root_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    families: dict[str, list[str]] = {}
    for part in chunks(sorted(set(root_ids)), ROOTS):
        roots = {"terms": {"root_id": part}}
        query = {"bool": {"filter": [roots], "must_not": [SUPERSEDED]}}
        tally = cluster.tally(cluster.names.alias("claims"), query, ["root_id", "family"])
        for (root, family), _ in tally:
            families.setdefault(root, []).append(family)
    return {root: tuple(sorted(found)) for root, found in families.items()}

"""Search by words and fields: words become a query that can never be a syntax error."""

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.archive.codec import storable
from connectors.archive.documents import Kind
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.elastic.documents import record
from connectors.archive.elastic.fields import nanos
from connectors.archive.elastic.memory import SUPERSEDED
from connectors.archive.protocol import MOST_WORDS, Hit, Query

FIELDS: Final = ("title^3", "text")
EXACT: Final = ("dossier", "topic", "party", "stance", "novelty", "publisher")
EXCERPT: Final = 240  # characters
HIGHLIGHT: Final[Mapping[str, Any]] = {
    "pre_tags": ["["],
    "post_tags": ["]"],
    "number_of_fragments": 1,
    "fragment_size": EXCERPT,
    "order": "score",
    "max_analyzed_offset": 1_000_000,  # beyond, a long text would be an error
    "fields": {"text": {}, "title": {}},
}


def find(cluster: Cluster, kind: Kind, query: Query) -> list[Hit]:
    clauses = terms(query.words)
    newest = [{"order": "desc"}, {"id": "asc"}]
    answer = cluster.search(
        cluster.names.alias(kind),
        query={"bool": {"must": clauses, "filter": filters(query), "must_not": without(query)}},
        sort=[{"_score": "desc"}, *newest] if clauses else newest,
        size=query.limit,
        highlight=HIGHLIGHT,
        search_type="dfs_query_then_fetch",  # words are as rare in one month as in all
        track_total_hits=False,
    )
    return [_hit(kind, hit) for hit in answer["hits"]["hits"]]


def terms(words: str) -> list[dict[str, Any]]:
    """A clause for each word, "quoted words" or `begin*`: each must be in the title or the text."""
    found = re.findall(r'"([^"]*)"|([^\s"]+)', storable(words).replace("\ufffd", " "))
    clauses = [_clause(phrase or word, is_prefix=word.endswith("*")) for phrase, word in found]
    kept = {str(clause): clause for clause in clauses if clause is not None}
    return list(kept.values())[:MOST_WORDS]


def _clause(term: str, *, is_prefix: bool) -> dict[str, Any] | None:
    if not re.search(r"[^\W_]", term):
        return None  # the analyser would find no word in it, and so no document
    if not is_prefix:
        return {"multi_match": {"query": term, "type": "phrase", "fields": FIELDS}}
    begin = {"query": term.rstrip("*"), "type": "bool_prefix", "operator": "and", "fields": FIELDS}
    return {"multi_match": begin}


def filters(query: Query) -> list[dict[str, Any]]:
    exact: list[dict[str, Any]] = [
        {"term": {name: storable(value)}}
        for name in EXACT
        if (value := getattr(query, name)) is not None
    ]
    times = {"gte": query.since, "lt": query.until}
    bounds = {name: nanos(at) for name, at in times.items() if at is not None}
    return [*exact, *([{"range": {"@timestamp": bounds}}] if bounds else [])]


def without(query: Query) -> list[Mapping[str, Any]]:
    return [] if query.superseded else [SUPERSEDED]


def _hit(kind: Kind, hit: Mapping[str, Any]) -> Hit:
    source = hit["_source"]
    marked = hit.get("highlight", {})
    fragments = marked.get("text") or marked.get("title") or [source.get("text", "")[:EXCERPT]]
    return Hit(record(kind, source), hit.get("_score") or 0.0, fragments[0])

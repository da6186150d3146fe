"""Index templates and fixed indices, made from the record types: explicit, and never out of step.

Vectors are `flat`: every search compares with all that the filter lets pass, so neighbours are
exactly those of any other store; a graph is faster from some 10^5 claims within a horizon on, but
misses some. `max_inner_product` is the cosine for unit vectors, without rescaling what was stored.
"""

import hashlib
import json
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, get_args, get_type_hints

from connectors.archive.documents import DIMENSIONS, KINDS, FeedRecord, Intake
from connectors.archive.elastic.fields import RENAMED
from connectors.archive.elastic.names import Names

SCHEMA: Final = 1
PRODUCT: Final = "parley"
Field = dict[str, Any]

# Lucene takes terms of at most 32,766 bytes; what is longer is kept, but not searched by.
KEYWORD: Final[Field] = {"type": "keyword", "ignore_above": 8000}
WORDS: Final[Field] = {"type": "text", "analyzer": "words", "index_options": "offsets"}
KEPT: Final[Field] = {"type": "object", "enabled": False}
UNSEARCHED: Final[Field] = {"type": "text", "index": False}
ORDER: Final[Field] = {"type": "keyword", "index": False}  # compared by doc values alone
VECTOR: Final[Field] = {
    "type": "dense_vector",
    "dims": DIMENSIONS,
    "similarity": "max_inner_product",
    "index_options": {"type": "flat"},
}
SPECIAL: Final[dict[str, Field]] = {
    "@timestamp": {"type": "date_nanos"},  # microseconds count in the order of judgement
    "order": ORDER,
    "title": WORDS | {"fields": {"keyword": {"type": "keyword", "ignore_above": 1000}}},
    "text": WORDS,
    "summary": UNSEARCHED,
    "content": UNSEARCHED,
    "payload": UNSEARCHED,
    "error.message": {"type": "text"},
    "topics": KEPT,
    "models": KEPT,
    "state": KEPT,
    "vector": VECTOR,
}
# The same words as SQLite's FTS5 makes with `porter unicode61 remove_diacritics`.
ANALYSIS: Final = {
    "analyzer": {
        "words": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": ["lowercase", "asciifolding", "porter_stem"],
        }
    }
}
SETTINGS: Final = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",  # none on one node, one where there is a second
    "analysis": ANALYSIS,
}
IDENTITY: Final[dict[str, Field]] = {"key": UNSEARCHED, "article_id": KEYWORD, "month": KEYWORD}
STATE: Final[dict[str, Field]] = {
    "name": KEYWORD,
    "since": {"type": "date"},
    "token": KEYWORD,
    "expires_at": {"type": "date"},
}


def templates(names: Names) -> dict[str, dict[str, Any]]:
    """The index template of each monthly kind, by its name."""
    return {names.alias(kind): _template(names, kind) for kind in KINDS}


def _template(names: Names, kind: Any) -> dict[str, Any]:
    template = {
        "settings": SETTINGS,
        "mappings": mapping(properties(KINDS[kind])),
        "aliases": {names.alias(kind): {}},
    }
    return {
        "index_patterns": [names.pattern(kind)],
        "priority": 200,
        "template": template,
        "_meta": {"product": PRODUCT, "schema": SCHEMA, "digest": digest(template)},
    }


def fixed(names: Names) -> dict[str, dict[str, Any]]:
    """Settings and mappings of each index that is not monthly, by its name."""
    kinds = {
        "intake": properties(Intake) | {"slim": {"type": "boolean"}},
        "identity": IDENTITY,
        "feeds": properties(FeedRecord),
        "state": STATE,
    }
    return {
        names.fixed(name): {"settings": SETTINGS, "mappings": mapping(kind)}
        for name, kind in kinds.items()
    }


def mapping(found: dict[str, Field]) -> dict[str, Any]:
    return {
        "dynamic": False,
        "_meta": {"product": PRODUCT, "schema": SCHEMA},
        "properties": _nested(found),
    }


def properties(record: type) -> dict[str, Field]:
    """The fields of a record type under their stored names."""
    hints = get_type_hints(record)
    names = {field.name: RENAMED.get(field.name, field.name) for field in fields(record)}
    found = {name: SPECIAL.get(name) or _field(hints[field]) for field, name in names.items()}
    if "topics" in found:
        found["topic"] = KEYWORD
    return found | ({"order": ORDER} if "@timestamp" in found else {})


def _field(hint: Any) -> Field:
    options = {hint, *get_args(hint)}
    for kind, name in ((datetime, "date"), (bool, "boolean"), (float, "float"), (int, "integer")):
        if kind in options:
            return {"type": name}
    return KEYWORD


def _nested(found: dict[str, Field]) -> dict[str, Any]:
    """`url.full` as the object `url` with the field `full`."""
    nested: dict[str, Any] = {}
    for name, field in found.items():
        parent, _, child = name.partition(".")
        if child:
            nested.setdefault(parent, {"properties": {}})["properties"][child] = field
        else:
            nested[parent] = field
    return nested


def digest(template: dict[str, Any]) -> str:
    """Tells whether a stored template is this version's, as Elasticsearch rewrites what it got."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:16]

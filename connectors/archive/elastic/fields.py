"""Records as Elasticsearch keeps them, and back. Pure.

Names are those of `documents.py`, but for what the Elastic Common Schema has a name for. Derived
fields are there to filter and aggregate by, and are not read back:

- `topic`: the names in `topics`, strongest first, whose weights are kept in `topics` alone;
- `order`: for dead letters, which have none of their own, the time they were first seen.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import numpy as np

from connectors.archive.codec import VECTOR, from_dict, timestamp, to_dict
from connectors.archive.documents import Intake, Vector

T = TypeVar("T")
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2262, 4, 11, tzinfo=UTC)
RENAMED: Final[Mapping[str, str]] = {
    "first_seen_at": "@timestamp",
    "url": "url.full",
    "error": "error.message",
    "dossiers": "dossier",
}


def nanos(at: datetime) -> str:
    """A bound of time within what a `date_nanos` can be: any other is an error of the query."""
    return timestamp(min(max(at, FIRST), LAST))


def to_source(record: Any) -> dict[str, Any]:
    """A record as the body of a document."""
    source = {RENAMED.get(name, name): value for name, value in to_dict(record).items()}
    if isinstance(record, Intake):
        source["order"] = record.order
    elif "@timestamp" in source:
        source.setdefault("order", source["@timestamp"])
    if "topics" in source:
        source["topic"] = sorted(source["topics"], key=lambda name: (-source["topics"][name], name))
    vector = getattr(record, VECTOR, None)
    if vector is not None:
        source[VECTOR] = numbers(vector)
    return source


def from_source(cls: type[T], source: Mapping[str, Any]) -> T:
    """The record that `to_source` was given; derived fields are passed over."""
    known = {name: RENAMED.get(name, name) for name in cls.__dataclass_fields__}  # type: ignore[attr-defined]
    data = {name: source[field] for name, field in known.items() if field in source}
    raw = data.pop(VECTOR, None)
    return from_dict(cls, data, None if raw is None else np.asarray(raw, np.float32))


def numbers(vector: Vector) -> list[float]:
    """Nine digits tell every float32 from every other, in half the bytes of a double."""
    return [float(f"{value:.9g}") for value in vector.tolist()]

"""Documents as lines of a bulk request, gathered into bounded batches. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from elasticsearch.exceptions import SerializationError
from elasticsearch.serializer import JsonSerializer

from connectors.elasticsearch.documents import BulkDocument, Failed
from connectors.elasticsearch.options import BulkOptions

_default = JsonSerializer().default  # times, UUIDs, decimals, numpy's scalars and arrays


@dataclass(frozen=True, slots=True)
class Line:
    """A document, its two lines of the request, and what the caller wants back with the result."""

    document: BulkDocument
    payload: bytes
    tag: Any = None


Batch = tuple[Line, ...]


def encode(document: BulkDocument, limit: int, tag: Any = None) -> Line | Failed:
    """The lines of a document; one of more than `limit` bytes or without a JSON form fails.

    One bad line would make the server refuse the whole request, so NaN and lone surrogates, which
    `json` would let pass, are found here.
    """
    action: dict[str, str] = {"_index": document.index, "_id": document.id}
    if document.routing is not None:
        action["routing"] = document.routing
    try:
        payload = _json({document.op: action}) + b"\n" + _json(document.body) + b"\n"
    except (TypeError, ValueError, RecursionError, SerializationError) as error:
        return Failed(document, "unserialisable", 0, str(error)[:500])
    if len(payload) > limit:
        return Failed(document, "too_large", 0, f"{len(payload)} bytes, at most {limit}")
    return Line(document, payload, tag)


def _json(value: Any) -> bytes:
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_default
    )
    return text.encode()


class Batcher:
    """Gathers lines; a batch is full by documents or bytes, and holds an id only once.

    So results can be matched by id even where aliases hide the index, and of two versions of a
    document the later is in the later batch.
    """

    def __init__(self, options: BulkOptions) -> None:
        self._options = options
        self._lines: list[Line] = []
        self._ids: set[str] = set()
        self._bytes = 0

    def add(self, line: Line) -> Batch:
        """Take a line; the batch that must go before it, or nothing yet."""
        full = self.take() if self._lines and not self._fits(line) else ()
        self._lines.append(line)
        self._ids.add(line.document.id)
        self._bytes += len(line.payload)
        return full

    def take(self) -> Batch:
        """What was gathered so far."""
        batch = tuple(self._lines)
        self._lines, self._ids, self._bytes = [], set(), 0
        return batch

    def _fits(self, line: Line) -> bool:
        return (
            len(self._lines) < self._options.max_documents
            and self._bytes + len(line.payload) <= self._options.max_bytes
            and line.document.id not in self._ids
        )


def batches(lines: Iterable[Line], options: BulkOptions) -> Iterator[Batch]:
    """All lines, in order, in as few batches as `Batcher` makes of them."""
    batcher = Batcher(options)
    for line in lines:
        full = batcher.add(line)
        if full:
            yield full
    last = batcher.take()
    if last:
        yield last

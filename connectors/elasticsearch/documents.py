"""What goes into the sink and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Op = Literal["index", "create"]
Result = Literal["created", "updated", "exists"]
Reason = Literal[
    "rejected",  # the server will not have it: bad type, wrong dimensions, strict mapping (400)
    "too_large",  # over max_document_bytes, or a 413 for it alone
    "unserialisable",  # no JSON: an unknown type, NaN, a lone surrogate
    "forbidden",  # the index is write-blocked, or this account may not write to it (403)
    "not_found",  # no such index, and none may be made (404)
    "conflict",  # another version is there (409; on `create` that is success)
    "server_error",  # any other status for it alone
    "unavailable",  # no answer but "later" until the deadline; it may have been written
]


@dataclass(frozen=True, slots=True)
class BulkDocument:
    """A document for an index (or alias) under its id.

    `index` replaces what is there; `create` leaves it and counts as success, so both may be
    repeated at will. Elasticsearch takes ids of at most 512 bytes.
    """

    index: str
    id: str
    body: Mapping[str, Any]
    op: Op = "index"
    routing: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A document that is safely stored. `index` is the one asked for."""

    index: str
    id: str
    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that is not known to be stored, and why: nothing is logged and dropped.

    `status` is the HTTP status of the last answer about it, 0 where there was none. `transient`
    says that writing it again later may work.
    """

    document: BulkDocument
    reason: Reason
    status: int
    error: str

    @property
    def transient(self) -> bool:
        return self.reason in ("unavailable", "forbidden")

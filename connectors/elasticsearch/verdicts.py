"""What the answer to a bulk request says about each of its documents. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.elasticsearch.batching import Batch, Line
from connectors.elasticsearch.documents import BulkDocument, Failed, Reason, Written
from connectors.elasticsearch.errors import describe, may_pass

_REASONS: Final[Mapping[int, Reason]] = {
    400: "rejected",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    413: "too_large",
}


@dataclass(frozen=True, slots=True)
class Again:
    """Not now: to be sent again, with what the server said this time (status 0: nothing)."""

    status: int
    error: str

    def given_up(self, document: BulkDocument) -> Failed:
        return Failed(document, "unavailable", self.status, self.error)


Verdict = Written | Failed | Again


def verdicts(batch: Batch, items: Iterable[Mapping[str, Any]]) -> list[tuple[Line, Verdict]]:
    """Match items to documents by `_id`, never by position; what has no item is sent again."""
    answers = {answer["_id"]: answer for item in items for answer in item.values()}
    return [(line, verdict(line.document, answers.get(line.document.id))) for line in batch]


def verdict(document: BulkDocument, answer: Mapping[str, Any] | None) -> Verdict:
    """The meaning of one item."""
    if answer is None:
        return Again(0, "the answer does not mention it")
    status = int(answer["status"])
    if 200 <= status < 300:
        result = "created" if answer.get("result") == "created" else "updated"
        return Written(document.index, document.id, result)  # type: ignore[arg-type]
    if status == 409 and document.op == "create":
        return Written(document.index, document.id, "exists")
    error = describe(answer.get("error"))
    if may_pass(status):
        return Again(status, error)
    return Failed(document, _REASONS.get(status, "server_error"), status, error)


def refused_whole(document: BulkDocument, status: int, error: str) -> Failed:
    """The verdict on a document that was alone in a request that was refused as a whole."""
    return Failed(document, _REASONS.get(status, "server_error"), status, error)

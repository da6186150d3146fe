import json
from datetime import UTC, datetime

import numpy as np
import pytest

from connectors.elasticsearch.batching import Line, batches, encode
from connectors.elasticsearch.documents import BulkDocument, Failed
from connectors.elasticsearch.options import BulkOptions

LIMIT = 10_000


def line(id_: str, size: int = 10) -> Line:
    made = encode(BulkDocument("i", id_, {"text": "x" * size}), 10**9)
    assert isinstance(made, Line)
    return made


def gathered(lines: list[Line], **options: int) -> list[list[str]]:
    return [[one.document.id for one in batch] for batch in batches(lines, BulkOptions(**options))]


def test_a_document_is_two_lines() -> None:
    made = encode(BulkDocument("i", "1", {"a": "ä\n"}, op="create", routing="r"), LIMIT, tag="mine")
    assert isinstance(made, Line)
    action, body = made.payload.splitlines()
    assert json.loads(action) == {"create": {"_index": "i", "_id": "1", "routing": "r"}}
    assert json.loads(body) == {"a": "ä\n"}
    assert made.payload.endswith(b"\n")
    assert made.tag == "mine"


def test_times_and_numbers_of_numpy_have_a_form() -> None:
    body = {"at": datetime(2026, 3, 1, tzinfo=UTC), "n": np.float32(0.5), "v": np.ones(2)}
    made = encode(BulkDocument("i", "1", body), LIMIT)
    assert isinstance(made, Line)
    stored = json.loads(made.payload.splitlines()[1])
    assert stored == {"at": "2026-03-01T00:00:00+00:00", "n": 0.5, "v": [1.0, 1.0]}


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud83d", object(), {1j: 2}, b"bytes"], ids=repr
)
def test_what_has_no_json_form_fails_alone(value: object) -> None:
    failed = encode(BulkDocument("i", "1", {"a": value}), LIMIT)
    assert isinstance(failed, Failed)
    assert failed.reason == "unserialisable"


def test_a_body_within_itself_fails() -> None:
    body: dict[str, object] = {}
    body["self"] = body
    assert isinstance(encode(BulkDocument("i", "1", body), LIMIT), Failed)


def test_an_oversize_document_fails_before_it_is_sent() -> None:
    failed = encode(BulkDocument("i", "1", {"a": "ж" * LIMIT}), LIMIT)
    assert isinstance(failed, Failed)
    assert (failed.reason, failed.transient) == ("too_large", False)


def test_a_batch_is_bounded_in_documents() -> None:
    lines = [line(str(n)) for n in range(7)]
    assert gathered(lines, max_documents=3) == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


def test_a_batch_is_bounded_in_bytes() -> None:
    lines = [line(name, 500) for name in "abc"]
    assert gathered(lines, max_bytes=1200) == [["a", "b"], ["c"]]


def test_a_document_over_the_bytes_of_a_batch_goes_alone() -> None:
    assert gathered([line("a"), line("b", 5000), line("c")], max_bytes=1024) == [
        ["a"],
        ["b"],
        ["c"],
    ]


def test_a_batch_holds_an_id_only_once() -> None:
    assert gathered([line(name) for name in "abacca"]) == [["a", "b"], ["a", "c"], ["c", "a"]]


def test_nothing_makes_no_batch() -> None:
    assert gathered([]) == []

"""A batch to its end: which answers are final, which are asked again, and for how long."""

from collections.abc import Callable
from typing import Any

import pytest
from elastic_transport import ConnectionError, ConnectionTimeout, TlsError
from elasticsearch import Elasticsearch

from connectors.elasticsearch import BulkDocument, BulkOptions, Failed, Refused, Retries, Written
from connectors.elasticsearch.batching import Line, encode
from connectors.elasticsearch.bulk import BulkSender, Report
from tests.connectors.elasticsearch.conftest import Script, items

Send = Callable[..., Report]


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def send(client: Elasticsearch, waits: list[float]) -> Send:
    def send_(ids: str, op: str = "index", deadline: float = 60) -> Report:
        options = BulkOptions(retries=Retries(deadline=deadline))
        documents = [BulkDocument("alias", id_, {"n": 1}, op=op) for id_ in ids]  # type: ignore[arg-type]
        batch = [encode(document, 10_000) for document in documents]
        lines = tuple(line for line in batch if isinstance(line, Line))
        return BulkSender(client, options, waits.append).send(lines)

    return send_


def ends(report: Report) -> dict[str, str]:
    """By id: the result of what was written, the reason of what failed."""
    return {
        one.id if isinstance(one, Written) else one.document.id: one.result
        if isinstance(one, Written)
        else one.reason
        for one, _ in report.outcomes
    }


def test_results_are_matched_by_id_and_not_by_position(send: Send, script: Script) -> None:
    script.answers = [items({"c": 400, "a": 201, "b": 200})]
    assert ends(send("abc")) == {"a": "created", "b": "created", "c": "rejected"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "rejected"),
        (403, "forbidden"),
        (404, "not_found"),
        (409, "conflict"),
        (413, "too_large"),
        (405, "server_error"),
    ],
)
def test_a_final_answer_is_not_asked_again(
    send: Send, script: Script, status: int, reason: str
) -> None:
    script.answers = [items({"a": status})]
    report = send("a")
    assert ends(report) == {"a": reason}
    (failed, _), *_ = report.outcomes
    assert isinstance(failed, Failed)
    assert failed.status == status
    assert script.asked == [["a"]]


def test_what_was_created_before_counts_as_written(send: Send, script: Script) -> None:
    script.answers = [items({"a": 409, "b": 201}, op="create")]
    assert ends(send("ab", op="create")) == {"a": "exists", "b": "created"}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_only_what_was_put_off_is_sent_again(send: Send, script: Script, status: int) -> None:
    script.answers = [items({"a": status, "b": 201, "c": status}), items({"a": 201, "c": status})]
    assert set(ends(send("abc")).values()) == {"created"}
    assert script.asked == [["a", "b", "c"], ["a", "c"], ["c"]]


@pytest.mark.parametrize(
    "answer",
    [
        *[(status, {"error": "busy"}) for status in (408, 429, 500, 502, 503, 504)],
        ConnectionError("refused"),
        ConnectionTimeout("silence"),
    ],
    ids=str,
)
def test_a_request_without_an_answer_is_sent_again(send: Send, script: Script, answer: Any) -> None:
    script.answers = [answer, answer]
    report = send("ab")
    assert ends(report) == {"a": "created", "b": "created"}
    assert report.attempts == 3


def test_waits_grow_and_are_cut_by_chance(send: Send, script: Script, waits: list[float]) -> None:
    script.answers = [items({"a": 429})] * 9
    send("a", deadline=1000)
    assert len(waits) == 9
    assert all(0 <= wait <= min(15, 0.5 * 2**n) for n, wait in enumerate(waits))
    assert len(set(waits)) > 5


def test_after_the_deadline_nothing_is_lost(send: Send, script: Script) -> None:
    script.answers = [items({"a": 201, "b": 429, "c": 400})]
    report = send("abc", deadline=0)
    assert ends(report) == {"a": "created", "b": "unavailable", "c": "rejected"}
    failed = next(one for one, _ in report.outcomes if isinstance(one, Failed) and one.transient)
    assert (failed.document.id, failed.status) == ("b", 429)


@pytest.mark.parametrize("status", [408, 500, 520])
def test_a_server_in_trouble_is_asked_for_all_at_once_and_may_recover(
    send: Send, script: Script, status: int
) -> None:
    script.answers = [(status, {"error": "trouble"})]
    report = send("abcd", deadline=0)
    assert ends(report) == dict.fromkeys("abcd", "unavailable")
    assert all(isinstance(one, Failed) and one.transient for one, _ in report.outcomes)
    assert script.asked == [list("abcd")]


def test_a_document_that_the_answer_forgets_is_sent_again(send: Send, script: Script) -> None:
    script.answers = [items({"a": 201})]
    assert ends(send("ab")) == {"a": "created", "b": "created"}
    assert script.asked == [["a", "b"], ["b"]]


@pytest.mark.parametrize(("status", "reason"), [(400, "rejected"), (413, "too_large")])
def test_of_a_refused_request_only_the_one_to_blame_fails(
    send: Send, script: Script, status: int, reason: str
) -> None:
    def unless_c(ids: list[str]) -> Any:
        return (status, {"error": "no"}) if "c" in ids else items(dict.fromkeys(ids, 201))

    script.answers = [unless_c] * 9
    found = ends(send("abcde"))
    assert found == dict.fromkeys("abde", "created") | {"c": reason}


def test_a_request_refused_for_other_reasons_than_its_documents_is_not_halved(
    send: Send, script: Script
) -> None:
    script.answers = [(404, {"error": "no such path"})]
    assert ends(send("abcd")) == dict.fromkeys("abcd", "not_found")
    assert script.asked == [list("abcd")]


@pytest.mark.parametrize(
    "answer", [(401, {"error": "who?"}), (403, {"error": "no"}), TlsError("self-signed")], ids=str
)
def test_a_refused_account_is_nobodys_fault_and_raises(
    send: Send, script: Script, answer: Any
) -> None:
    script.answers = [answer]
    with pytest.raises(Refused):
        send("a")
    assert len(script.asked) == 1

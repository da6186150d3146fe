"""Several batches on their way at once: every document comes out once, versions stay in order."""

import threading
from collections import Counter
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.elasticsearch import (
    BulkDocument,
    BulkOptions,
    Failed,
    Refused,
    Retries,
    Written,
    write,
)
from tests.connectors.elasticsearch.conftest import Script, items

SMALL = BulkOptions(max_documents=3, in_flight=4, retries=Retries(first=0.001, longest=0.001))


def documents(ids: str) -> list[BulkDocument]:
    return [BulkDocument("i", id_, {"n": n}) for n, id_ in enumerate(ids)]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text("abcdefgh", max_size=40),
    st.lists(st.sampled_from([200, 201, 400, 429, 503]), max_size=40),
)
def test_every_document_comes_out_once(
    client: Elasticsearch, script: Script, ids: str, statuses: list[int]
) -> None:
    def answer(asked: list[str]) -> Any:
        return items({id_: statuses.pop() if statuses else 201 for id_ in asked})

    script.answers = [answer] * 200
    results = list(write(client, documents(ids), SMALL))
    names = [one.id if isinstance(one, Written) else one.document.id for one in results]
    assert Counter(names) == Counter(ids)


def test_batches_are_on_their_way_at_once(client: Elasticsearch, script: Script) -> None:
    together = threading.Barrier(4, timeout=30)

    def meet(ids: list[str]) -> Any:
        together.wait()
        return items(dict.fromkeys(ids, 201))

    script.answers = [meet] * 4
    assert len(list(write(client, documents("abcdefghijkl"), SMALL))) == 12


def test_a_second_version_waits_for_the_first(client: Elasticsearch, script: Script) -> None:
    flying: set[str] = set()
    lock = threading.Lock()

    def watch(ids: list[str]) -> Any:
        with lock:
            assert flying.isdisjoint(ids)
            flying.update(ids)
        answer = items({id_: 429 if len(script.asked) < 4 else 201 for id_ in ids})
        with lock:
            flying.difference_update(ids)
        return answer

    script.answers = [watch] * 100
    results = list(write(client, documents("abc" * 8), SMALL))
    assert len(results) == 24
    assert not any(isinstance(one, Failed) for one in results)


def test_bad_documents_do_not_hold_up_others(client: Elasticsearch, script: Script) -> None:
    bad = BulkDocument("i", "bad", {"n": float("nan")})
    results = list(write(client, [*documents("ab"), bad, *documents("cd")], SMALL))
    assert sum(isinstance(one, Written) for one in results) == 4
    assert script.asked == [["a", "b", "c"], ["d"]]


def test_a_refusal_reaches_the_caller(client: Elasticsearch, script: Script) -> None:
    script.answers = [(403, {"error": "no"})] * 9
    with pytest.raises(Refused):
        list(write(client, documents("abcdefgh"), SMALL))

"""What answers mean, and a question by words."""

from typing import Any

import pytest
from elasticsearch import ApiError, Elasticsearch

from connectors.archive.elastic.cluster import Cluster, Incomplete, existing
from connectors.archive.elastic.search import terms
from connectors.archive.protocol import ArchiveSchemaError, ArchiveUnavailable
from connectors.elasticsearch import BulkOptions
from tests.connectors.archive.elastic.conftest import ADDRESS, Node

THERE = {"_id": "a", "found": True, "_source": {}}


def test_what_does_not_exist_is_left_out() -> None:
    no_index = {"_id": "b", "error": {"type": "index_not_found_exception", "reason": "no"}}
    assert existing([THERE, {"_id": "c", "found": False}, no_index]) == [THERE]


def test_a_shard_that_is_down_is_not_taken_for_absence() -> None:
    down = {"_id": "b", "error": {"type": "no_shard_available_action_exception", "reason": "down"}}
    with pytest.raises(Incomplete, match="down"):
        existing([THERE, down])


def test_words_become_clauses_once_each() -> None:
    found = [clause["multi_match"] for clause in terms('truce "thirty days" negot* truce ( *')]
    assert [(one["query"], one["type"]) for one in found] == [
        ("truce", "phrase"),
        ("thirty days", "phrase"),
        ("negot", "bool_prefix"),
    ]


def test_a_query_is_of_bounded_size() -> None:
    assert len(terms(" ".join(f"word{number}" for number in range(5000)))) == 200


def error(kind: str) -> dict[str, Any]:
    cause = {"type": kind, "reason": "why"}
    return {"error": {"root_cause": [cause], **cause}}


@pytest.mark.parametrize("status", [408, 429, 500, 501, 502, 503, 504, 520])
def test_trouble_of_the_server_or_a_proxy_is_unavailability(
    node: Node, cluster: Cluster, status: int
) -> None:
    node.says = lambda *_: (status, error("trouble"))
    with pytest.raises(ArchiveUnavailable, match=f"does not answer well enough: {status}"):
        cluster.call(cluster.client.info)
    assert len(node.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(408, "x"), (500, "x"), (503, "x"), (404, "search_phase_execution_exception")],
)
def test_trouble_that_passes_is_waited_for(
    node: Node, client: Elasticsearch, status: int, kind: str
) -> None:
    waits: list[float] = []
    answers = [(status, error(kind)), (status, error(kind)), (200, {"ok": 1})]
    node.says = lambda *_: answers.pop(0)
    patient = Cluster(client, ADDRESS, BulkOptions(), waits.append)
    assert patient.call(patient.client.info).body == {"ok": 1}
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "parsing_exception", ApiError),
        (401, "security_exception", ArchiveUnavailable),
        (403, "cluster_block_exception", ArchiveUnavailable),
        (404, "index_not_found_exception", ArchiveSchemaError),
        (400, "index_closed_exception", ArchiveUnavailable),
    ],
)
def test_an_answer_that_is_final_is_told_in_the_words_of_the_archive(
    node: Node, cluster: Cluster, status: int, kind: str, expected: type[Exception]
) -> None:
    node.says = lambda *_: (status, error(kind))
    with pytest.raises(expected, match=kind):
        cluster.call(cluster.client.info)


def test_an_index_that_is_not_there_yet_holds_nothing(node: Node, cluster: Cluster) -> None:
    node.says = lambda *_: (404, error("index_not_found_exception"))
    assert list(cluster.scan("parley-claims", {"match_all": {}}, ["id"])) == []
    assert list(cluster.tally("parley-claims", {"match_all": {}}, ["family"])) == []
    with pytest.raises(ArchiveSchemaError, match="parley setup"):
        list(cluster.scan("parley-intake", {"match_all": {}}, ["id"], must_exist=True))


def test_a_closed_index_is_not_taken_for_an_empty_one(node: Node, cluster: Cluster) -> None:
    node.says = lambda *_: (400, error("index_closed_exception"))
    with pytest.raises(ArchiveUnavailable, match="open it"):
        cluster.search("parley-claims")
    assert all("ignore_unavailable" not in target for _, target in node.asked)

"""What is asked of Elasticsearch about many records at once."""

import json
from typing import Any

from connectors.archive.elastic.cluster import Cluster
from connectors.archive.elastic.memory import corroboration
from tests.connectors.archive.elastic.conftest import Node

MOST_TERMS = 65_536  # of one query, unless an operator sets `index.max_terms_count`
ROOTS = [f"root{number}" for number in range(MOST_TERMS + 1)]


def says(method: str, target: str, body: Any) -> tuple[int, Any]:
    """As a server does that knows two claims, of the first root and of the last."""
    (asked,) = json.loads(body)["query"]["bool"]["filter"]
    roots = asked["terms"]["root_id"]
    if len(roots) > MOST_TERMS:
        return 400, {"error": {"type": "illegal_argument_exception", "reason": "too many terms"}}
    known = [root for root in (ROOTS[0], ROOTS[-1]) if root in roots]
    buckets = [{"key": {"root_id": root, "family": "wire"}, "doc_count": 1} for root in known]
    return 200, {"hits": {"hits": []}, "aggregations": {"by": {"buckets": buckets}}}


def test_a_report_of_very_many_developments_is_asked_for_in_parts(
    node: Node, cluster: Cluster
) -> None:
    node.says = says
    assert corroboration(cluster, ROOTS) == {ROOTS[0]: ("wire",), ROOTS[-1]: ("wire",)}


def test_of_no_roots_nothing_is_asked(node: Node, cluster: Cluster) -> None:
    assert corroboration(cluster, []) == {}
    assert node.asked == []

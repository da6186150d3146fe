"""Nodes of their own for tests that bring faults about."""

from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from connectors.elasticsearch import BulkDocument, Failed, Written
from tests.integration.elasticsearch.secured import SecuredNode
from tests.integration.elasticsearch.server import ALONE, OPEN, Node, node

TIGHT = {
    "http.max_content_length": "100kb",
    "indexing_pressure.memory.limit": "250kb",
    "thread_pool.write.size": "1",
    "thread_pool.write.queue_size": "1",
    "action.auto_create_index": "-nowhere*,+*",
}


@pytest.fixture(scope="session")
def tight() -> Iterator[Node]:
    """A node that takes little at once, and that may be suspended and killed."""
    made = node(ALONE | OPEN | TIGHT)
    yield made.start()
    made.remove()


@pytest.fixture
def admin(tight: Node) -> Elasticsearch:
    return Elasticsearch(tight.url, request_timeout=60)


@pytest.fixture(scope="session")
def secured() -> Iterator[SecuredNode]:
    """A node with TLS that wants an API key."""
    made = SecuredNode()
    yield made
    made.node.remove()


@pytest.fixture
def acting(secured: SecuredNode, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function after which the environment holds a key with the given role."""

    def act(role: str) -> None:
        monkeypatch.setenv("ELASTICSEARCH_CA_FILE", str(secured.ca_file))
        monkeypatch.setenv("ELASTICSEARCH_API_KEY", secured.key_for(role))

    return act


def documents(index: str, count: int, size: int = 100) -> list[BulkDocument]:
    return [
        BulkDocument(index, f"d{number}", {"number": number, "text": "x" * size})
        for number in range(count)
    ]


def ends(results: list[Written | Failed]) -> dict[str, str]:
    """By id: `written`, or the reason of the failure. Each document ended once."""
    found = {
        one.id if isinstance(one, Written) else one.document.id: "written"
        if isinstance(one, Written)
        else one.reason
        for one in results
    }
    assert len(found) == len(results)
    return found


def stored(client: Elasticsearch, index: str) -> int:
    client.indices.refresh(index=index)
    count: int = client.count(index=index)["count"]
    return count

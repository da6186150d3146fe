"""A prefix on a real server, and a node that answers what a test tells it to."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic.address import Address
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.elastic.names import Names
from connectors.elasticsearch import BulkOptions, Retries
from tests.connectors.elasticsearch.conftest import scripted
from tests.integration.elasticsearch.server import running

ADDRESS = Address(("http://scripted:9200",), "parley")
HASTY = BulkOptions(retries=Retries(deadline=0))


class Node:
    """Answers every request as `says` does, and notes (method, target); `closed` counts clients."""

    def __init__(self) -> None:
        self.says: Callable[[str, str, Any], tuple[int, Any]] = lambda *_: (200, {})
        self.asked: list[tuple[str, str]] = []
        self.closed = 0

    def answer(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        self.asked.append((method, target))
        return self.says(method, target, body)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def client(node: Node) -> Elasticsearch:
    return scripted(node.answer, node.close)


@pytest.fixture
def cluster(client: Elasticsearch) -> Cluster:
    """That of the scripted node, of a current version, with one attempt for each request."""
    made = Cluster(client, ADDRESS, HASTY, lambda _: None)
    made._version = (9, 4, 3)
    return made


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A prefix that no other test run uses; all that bears it goes at the end."""
    url, prefix = running(), f"test-{uuid.uuid4().hex[:12]}"
    yield f"{url}/{prefix}"
    client = Elasticsearch(url)
    for index in client.indices.get(index=Names(prefix).all, ignore_unavailable=True):
        client.indices.delete(index=index)
    client.options(ignore_status=404).indices.delete_index_template(name=f"{prefix}-*")

"""Three nodes, one of which is the master and gets killed: writing goes on and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.elasticsearch import (
    BulkDocument,
    BulkOptions,
    ConnectionOptions,
    Written,
    connect,
    write,
)
from tests.connectors.archive.samples import START, claim
from tests.integration.elasticsearch.conftest import documents, ends, stored
from tests.integration.elasticsearch.server import OPEN, Node, node

NAMES = ("one", "two", "three")
COUNT = 3000


@pytest.fixture(scope="module")
def cluster() -> Iterator[dict[str, Node]]:
    nodes = {name: node({}, name=name, heap="400m") for name in NAMES}
    seeds = ", ".join(f"127.0.0.1:{one.transport_port}" for one in nodes.values())
    for one in nodes.values():
        one.settings = OPEN | {
            "discovery.seed_hosts": f"[{seeds}]",
            "cluster.initial_master_nodes": f"[{', '.join(NAMES)}]",
        }
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(Node.start, nodes.values()))
    yield nodes
    for one in nodes.values():
        one.remove()


def hosts(cluster: dict[str, Node]) -> tuple[str, ...]:
    return tuple(one.url for one in cluster.values())


def addressed(cluster: dict[str, Node]) -> str:
    """One address that names all nodes."""
    return f"http://{','.join(f'127.0.0.1:{one.port}' for one in cluster.values())}/parley"


def test_a_killed_master_loses_no_document(cluster: dict[str, Node]) -> None:
    admin = Elasticsearch(list(hosts(cluster)), request_timeout=60)
    admin.cluster.health(wait_for_nodes="3", timeout="60s")
    replicated = {"number_of_shards": 3, "number_of_replicas": 1}
    admin.indices.create(index="written", settings=replicated)
    archive = ElasticArchive(parse_address(addressed(cluster)))
    admin.cluster.health(wait_for_status="green", timeout="60s")
    master = cluster[admin.cat.master(format="json")[0]["node"]]

    def stream() -> Iterator[BulkDocument]:
        for number, one in enumerate(documents("written", COUNT)):
            if number == COUNT // 3:
                master.kill()
            yield one

    client = connect(ConnectionOptions(hosts=hosts(cluster), request_timeout=10))
    found = list(write(client, stream(), BulkOptions(max_documents=50)))
    assert set(ends(found).values()) == {"written"}
    assert all(isinstance(one, Written) for one in found)
    archive.write([claim("after")])
    assert archive.dossier_since("ukraine", START) == START
    alive = Elasticsearch([one.url for one in cluster.values() if one is not master])
    assert stored(alive, "written") == COUNT
    archive.close()

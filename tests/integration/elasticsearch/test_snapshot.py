"""Snapshot and restore as deploy/elasticsearch/README.md describes it."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.elastic.names import Names
from tests.connectors.archive.samples import LAST, START, article, claim, feed, intake, unit
from tests.integration.elasticsearch.server import ALONE, OPEN, Node, node


@pytest.fixture(scope="module")
def server() -> Iterator[Node]:
    made = node({})
    made.settings = ALONE | OPEN | {"path.repo": str(made.folder / "data")}
    yield made.start()
    made.remove()


def test_a_deleted_archive_comes_back_from_its_snapshot(server: Node) -> None:
    address = parse_address(server.url)
    archive = ElasticArchive(address)
    ref = archive.identify(["guid"], intake("a").ref)
    archive.admit([intake("a")], feed())
    archive.write([article("a"), claim("c")])
    admin, names = Elasticsearch(server.url, request_timeout=60), Names(address.prefix)
    repository = {"type": "fs", "settings": {"location": "kept"}}
    admin.snapshot.create_repository(name="kept", repository=repository)
    snapshot = {"repository": "kept", "snapshot": "first"}
    wanted = {"indices": f"{names.prefix}-*", "include_global_state": False}
    made = admin.snapshot.create(**snapshot, **wanted, wait_for_completion=True)
    assert made["snapshot"]["state"] == "SUCCESS"
    for index in admin.indices.get(index=names.all, ignore_unavailable=True):
        admin.indices.delete(index=index)
    admin.snapshot.restore(**snapshot, **wanted, wait_for_completion=True)
    archive.close()

    restored = ElasticArchive(address, create=False)
    assert restored.identify(["guid"], intake("b").ref) == ref
    assert list(restored.pending()) == [intake("a")]
    assert restored.get("articles", ["a"]) == {"a": article("a")}
    near = restored.neighbours("claims", unit(1), 1, before=LAST, since=START)
    assert [one.document.id for one in near] == ["c"]
    restored.close()

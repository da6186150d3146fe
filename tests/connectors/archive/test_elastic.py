"""The Elasticsearch archive: the contract, on a real server."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.elastic.names import Names
from connectors.archive.protocol import Archive
from tests.connectors.archive.contract import ArchiveContract
from tests.integration.elasticsearch.server import running


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A prefix that no other test run uses; all that bears it goes at the end."""
    url, prefix = running(), f"test-{uuid.uuid4().hex[:12]}"
    yield f"{url}/{prefix}"
    client = Elasticsearch(url)
    for index in client.indices.get(index=Names(prefix).all, ignore_unavailable=True):
        client.indices.delete(index=index)
    client.options(ignore_status=404).indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture
def reopen(address: str) -> Iterator[Callable[[], Archive]]:
    opened: list[Archive] = []

    def open_again() -> Archive:
        opened.append(ElasticArchive(parse_address(address)))
        return opened[-1]

    yield open_again
    for archive in opened:
        archive.close()


@pytest.fixture
def archive(address: str, reopen: Callable[[], Archive]) -> Archive:
    """Emptied, not made anew: documents go in a moment, indices do not."""
    archive = reopen()
    url, _, prefix = address.rpartition("/")
    archive.refresh()
    Elasticsearch(url, request_timeout=60).delete_by_query(
        index=Names(prefix).all,
        query={"match_all": {}},
        ignore_unavailable=True,
        conflicts="proceed",
        refresh=True,
    )
    return archive


class TestElasticArchive(ArchiveContract):
    pass

"""The Elasticsearch archive: the contract, on a real server."""

from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.elastic.names import Names
from connectors.archive.protocol import Archive
from tests.connectors.archive.contract import ArchiveContract


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

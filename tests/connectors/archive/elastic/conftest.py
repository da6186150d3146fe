"""A prefix on a real server."""

import uuid
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic.names import Names
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

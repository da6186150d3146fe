"""What an archive makes of indices on the real server, and which servers it takes."""

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, parse_address, schema
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.elastic.names import Names
from connectors.archive.elastic.store import open_cluster
from connectors.archive.protocol import ArchiveSchemaError
from tests.connectors.archive.samples import article, claim

MARCH, APRIL = 1, 60 * 24 * 40  # minutes


@pytest.fixture
def archive(address: str) -> Any:
    made = ElasticArchive(parse_address(address))
    yield made
    made.close()


@pytest.fixture
def client(address: str) -> Elasticsearch:
    return Elasticsearch(address.rpartition("/")[0], request_timeout=60)


@pytest.fixture
def names(address: str) -> Names:
    return Names(address.rpartition("/")[2])


def months(client: Elasticsearch, names: Names) -> list[str]:
    """Of the indices that the alias of claims reads."""
    found = client.indices.get_alias(name=names.alias("claims"), ignore_unavailable=True)
    return sorted(names.month_of("claims", index) for index in found)


def test_a_month_is_an_index_that_its_alias_reads_and_prune_deletes(
    archive: ElasticArchive, client: Elasticsearch, names: Names
) -> None:
    archive.write([claim("march", MARCH), claim("april", APRIL), article("a", MARCH)])
    assert months(client, names) == ["2026-03", "2026-04"]
    archive.refresh()
    assert client.count(index=names.alias("claims"))["count"] == 2
    assert archive.prune("2026-04")["claims"] == 1
    assert months(client, names) == ["2026-04"]
    assert not client.indices.exists(index=names.monthly("articles", "2026-03"))


def test_a_month_has_the_mapping_of_its_template_and_grows_no_fields(
    archive: ElasticArchive, client: Elasticsearch, names: Names
) -> None:
    archive.write([claim("april", APRIL)])
    index = names.monthly("claims", "2026-04")
    before = client.indices.get_mapping(index=index)[index]["mappings"]
    client.index(index=index, id="odd", document={"unheard_of": 1})
    assert client.indices.get_mapping(index=index)[index]["mappings"] == before
    assert before["dynamic"] in (False, "false")
    assert before["properties"]["@timestamp"]["type"] == "date_nanos"


@pytest.mark.parametrize("version", [(7, 17, 9), (8, 14, 3)])
def test_a_server_that_is_too_old_is_told(address: str, version: tuple[int, ...]) -> None:
    cluster: Cluster = open_cluster(parse_address(address))
    cluster._version = version
    with pytest.raises(ArchiveSchemaError, match=r"is Elasticsearch [78].*8\.15 or newer"):
        schema.is_set_up(cluster)
    cluster.client.close()

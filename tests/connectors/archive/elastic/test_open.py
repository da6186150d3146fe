"""Opening an archive: its templates, and that no client is left open."""

from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.elastic import ElasticArchive, mappings, store
from connectors.archive.elastic.names import Names
from connectors.archive.open import check_archive, set_up_archive
from connectors.archive.protocol import ArchiveMissing, ArchiveSchemaError, ArchiveUnavailable
from tests.connectors.archive.elastic.conftest import ADDRESS, HASTY, Node

NAMES = Names("parley")
URL = "http://scripted:9200"


class Server:
    """What a set-up archive answers; a test takes something from it."""

    def __init__(self) -> None:
        self.templates: dict[str, Any] = mappings.templates(NAMES)
        self.indices = mappings.fixed(NAMES)
        self.refuses = 0

    def says(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        if target == "/":
            return 200, {"version": {"number": "9.4.3"}}
        if "_index_template" in target and method == "GET":
            if self.refuses:
                return self.refuses, {"error": {"type": "security_exception"}}
            found = [{"name": n, "index_template": body} for n, body in self.templates.items()]
            return 200, {"index_templates": found}
        if "_mapping" in target:
            return 200, {name: {"mappings": one["mappings"]} for name, one in self.indices.items()}
        if method == "HEAD":
            return (200 if target.strip("/") in self.indices else 404), {}
        return 403, {"error": {"type": "security_exception", "reason": "no"}}


@pytest.fixture
def server(node: Node, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    node.says = made.says
    monkeypatch.setattr(store, "connect", lambda _options: client)
    return made


def opened(**options: Any) -> ElasticArchive:
    return ElasticArchive(ADDRESS, bulk=HASTY, **options)


def test_an_archive_stays_open_until_it_is_closed(server: Server, node: Node) -> None:
    archive = opened()
    assert node.closed == 0
    archive.close()
    assert node.closed == 1


@pytest.mark.parametrize("stale", [{}, {"_meta": {"digest": "old"}}])
def test_who_writes_needs_the_templates_of_months_to_come(
    server: Server, node: Node, stale: dict[str, Any]
) -> None:
    server.templates = server.templates | {"parley-claims": stale}
    with pytest.raises(ArchiveSchemaError, match=r"parley-claims; run `parley setup`"):
        opened()
    assert node.closed == 1
    opened(create=False)


def test_a_role_that_may_not_read_templates_is_told(server: Server) -> None:
    server.refuses = 403
    with pytest.raises(ArchiveUnavailable, match="Check the credentials, the role"):
        opened()


def test_what_cannot_be_opened_is_closed(server: Server, node: Node) -> None:
    server.indices = {}
    with pytest.raises(ArchiveMissing):
        opened(create=False)
    assert node.closed == 1


@pytest.mark.parametrize("do", [set_up_archive, check_archive])
def test_setting_up_and_checking_leave_no_client_open(
    server: Server, node: Node, do: Callable[[str], list[str]]
) -> None:
    assert do(URL) == []
    assert node.closed == 1

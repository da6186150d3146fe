"""A client that talks to a scripted node, and an index on the real server."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta as Meta
from elastic_transport import BaseNode, HttpHeaders, NodeConfig
from elastic_transport._node import NodeApiResponse
from elasticsearch import Elasticsearch

from tests.integration.elasticsearch.server import running

Answer = dict[str, Any] | Exception | tuple[int, dict[str, Any]]


class Script:
    """Answers to bulk requests, one after the other, and what was asked: (ids, body) each."""

    def __init__(self) -> None:
        self.answers: list[Answer | Callable[[list[str]], Answer]] = []
        self.asked: list[list[str]] = []

    def answer(self, body: bytes) -> tuple[int, dict[str, Any]]:
        lines = [json.loads(line) for line in body.splitlines()]
        ids = [line[op]["_id"] for line in lines for op in ("index", "create") if op in line]
        self.asked.append(ids)
        said = self.answers.pop(0) if self.answers else accepted
        said = said(ids) if callable(said) else said
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, tuple) else (200, said)


def accepted(ids: list[str]) -> dict[str, Any]:
    return items(dict.fromkeys(ids, 201))


def items(statuses: dict[str, int], op: str = "index") -> dict[str, Any]:
    """A bulk answer with these statuses by id; above 299 with an error."""
    return {
        "errors": any(status > 299 for status in statuses.values()),
        "items": [
            {op: {"_index": "hidden", "_id": id_, "status": status, "result": "created"}}
            if status < 300
            else {op: {"_index": "hidden", "_id": id_, "status": status, "error": {"type": "no"}}}
            for id_, status in statuses.items()
        ],
    }


@pytest.fixture
def script() -> Script:
    return Script()


def scripted(
    answer: Callable[[str, str, Any], tuple[int, Any]], closed: Callable[[], None] = lambda: None
) -> Elasticsearch:
    """The real client; only the socket is replaced: `answer` is asked (method, target, body)."""

    class ScriptedNode(BaseNode):
        def __init__(self, config: NodeConfig) -> None:
            super().__init__(config)

        def perform_request(self, method: str, target: str, body: Any = None, **_: Any) -> Any:
            status, said = answer(method, target, body)
            headers = HttpHeaders(
                {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}
            )
            meta = Meta(status, "1.1", headers, 0.0, self.config)
            return NodeApiResponse(meta, json.dumps(said).encode())

        def close(self) -> None:
            closed()

    return Elasticsearch("http://scripted:9200", node_class=ScriptedNode, max_retries=0)


@pytest.fixture
def client(script: Script) -> Elasticsearch:
    return scripted(lambda _method, _target, body: script.answer(body))


@pytest.fixture(scope="session")
def url() -> str:
    return running()


@pytest.fixture
def index(url: str) -> Iterator[str]:
    """A name that no other test uses; the index goes when the test ends."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    Elasticsearch(url).indices.delete(index=name, ignore_unavailable=True)

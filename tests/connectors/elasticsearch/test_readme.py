"""The examples of the README run as they stand, but for the server's address and the runner: the
default one looks for a binary to download first."""

import re
from pathlib import Path

import pytest
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from elasticsearch import Elasticsearch

README = Path(__file__).parents[3] / "connectors/elasticsearch/README.md"
ADDRESS = "http://127.0.0.1:9200"
INDEX = "readme-example"


def test_the_examples_write_what_they_say(
    url: str, index: str, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL))
    changes = {ADDRESS: url, INDEX: index, "beam.Pipeline()": "beam.Pipeline(runner=FnApiRunner())"}
    for written, here in changes.items():
        assert written in code
        code = code.replace(written, here)
    exec(compile(code, README, "exec"), {"FnApiRunner": FnApiRunner})
    assert capfd.readouterr().out.count("created") == 3
    client = Elasticsearch(url)
    client.indices.refresh(index=index)
    hits = client.search(index=index, sort="id.keyword")["hits"]["hits"]
    assert {hit["_id"]: hit["_source"]["title"] for hit in hits} == {
        "1": "Talks open",
        "2": "Talks end",
        "3": "More",
    }

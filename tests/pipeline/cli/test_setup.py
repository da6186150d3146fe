"""`parley setup` on both kinds of archive."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from typer.testing import CliRunner

from connectors.archive.elastic.names import Names
from connectors.archive.open import open_archive
from connectors.archive.protocol import ArchiveSchemaError
from pipeline.cli.app import app
from tests.integration.elasticsearch.server import running


@pytest.fixture
def cluster() -> Iterator[str]:
    url, prefix = running(), f"test-{uuid.uuid4().hex[:12]}"
    yield f"{url}/{prefix}"
    client = Elasticsearch(url).options(ignore_status=404)
    for index in client.indices.get(index=Names(prefix).all, ignore_unavailable=True):
        client.indices.delete(index=index)
    client.indices.delete_index_template(name=f"{prefix}-*")


def setup(archive: str, *options: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["setup", "--archive", archive, "--json", *options])
    return done.exit_code, [json.loads(line)["name"] for line in done.stdout.splitlines()]


def test_a_cluster_is_set_up_once(cluster: str) -> None:
    code, missing = setup(cluster, "--check")
    assert (code, len(missing)) == (1, 9)
    assert setup(cluster) == (0, missing)
    assert setup(cluster, "--check") == setup(cluster) == (0, [])


def test_a_template_of_another_version_is_renewed(cluster: str) -> None:
    setup(cluster)
    url, _, prefix = cluster.rpartition("/")
    client, name = Elasticsearch(url), f"{prefix}-claims"
    client.indices.put_index_template(name=name, index_patterns=[f"{prefix}-claims-*"])
    assert setup(cluster, "--check") == (1, [name])
    assert setup(cluster) == (0, [name])
    (found,) = client.indices.get_index_template(name=name)["index_templates"]
    assert found["index_template"]["template"]["mappings"]["dynamic"] in (False, "false")


@pytest.mark.parametrize(
    ("meta", "message"),
    [({"product": "parley", "schema": 2}, "newer Parley"), ({}, "no index of a Parley archive")],
)
def test_what_this_version_cannot_read_is_refused(
    cluster: str, meta: dict[str, object], message: str
) -> None:
    url, _, prefix = cluster.rpartition("/")
    Elasticsearch(url).indices.create(index=f"{prefix}-intake", mappings={"_meta": meta})
    for attempt in (lambda: open_archive(cluster), lambda: open_archive(cluster, create=False)):
        with pytest.raises(ArchiveSchemaError, match=message):
            attempt()


def test_a_file_is_set_up_once(tmp_path: Path) -> None:
    archive = f"sqlite:///{tmp_path}/parley.db"
    assert setup(archive, "--check") == (1, [str(tmp_path / "parley.db")])
    assert not (tmp_path / "parley.db").exists()
    assert setup(archive) == (0, [str(tmp_path / "parley.db")])
    assert setup(archive, "--check") == (0, [])

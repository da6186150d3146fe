"""What the doctor says of archives: a run that begins here must not be refused afterwards."""

from pathlib import Path
from typing import Any

import pytest

from connectors.archive.elastic import store
from connectors.archive.open import open_archive
from connectors.archive.protocol import ArchiveError
from pipeline import doctor
from pipeline.doctor import Finding, examine
from tests.connectors.archive.elastic.test_open import URL, Server
from tests.connectors.elasticsearch.conftest import scripted


@pytest.fixture(autouse=True)
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_models", lambda _: "not looked at")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(store, "connect", lambda _: scripted(made.says))
    return made


def found(url: str) -> Finding:
    (archive,) = (one for one in examine(url, ["ukraine"]) if one.what == "archive")
    return archive


def refused(url: str) -> str:
    """Why a run does not begin."""
    with pytest.raises(ArchiveError) as error:
        open_archive(url)
    return str(error.value)


def test_a_file_in_a_folder_that_is_missing_cannot_be_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/missing/archive.db"
    assert found(url) == Finding("archive", False, refused(url))


def test_a_file_that_the_first_run_makes_is_well(tmp_path: Path) -> None:
    told = found(f"sqlite:///{tmp_path}/archive.db")
    assert told.ok
    assert "the first run makes it" in told.detail
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("templates", [{}, {"parley-claims": {"_meta": {"digest": "old"}}}])
def test_a_cluster_without_its_templates_is_ill(server: Server, templates: dict[str, Any]) -> None:
    server.templates = server.templates | templates if templates else {}
    told = found(URL)
    assert told == Finding("archive", False, refused(URL))
    assert "run `parley setup`" in told.detail


def test_a_cluster_that_is_not_set_up_is_what_a_first_run_finds(server: Server) -> None:
    server.templates, server.indices = {}, {}
    assert found(URL).ok


def test_a_file_of_feeds_is_looked_at_where_it_is_named(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/archive.db", tmp_path / "feeds.yaml"
    file.write_text("web: {contact: 'mailto:ops@example.org'}\nfeeds: [{name: a, url: x}]\n")
    (told,) = (one for one in examine(url, ["ukraine"], feeds=file) if one.what == "feeds")
    assert not told.ok
    assert f"{file}:2: feeds[0].url: 'x' is no address" in told.detail
    shipped = Path(__file__).parents[2] / "deploy" / "feeds.yaml"
    (told,) = (one for one in examine(url, ["ukraine"], feeds=shipped) if one.what == "feeds")
    assert told.ok
    assert "publishers" in told.detail

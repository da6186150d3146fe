"""TLS, and the documented roles: each may do its work and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.elastic.schema import problems, set_up
from connectors.archive.elastic.store import open_cluster
from connectors.archive.protocol import Archive, ArchiveError, ArchiveUnavailable, Query
from connectors.elasticsearch import (
    BulkDocument,
    BulkOptions,
    ConnectionOptions,
    Failed,
    Refused,
    Retries,
    Written,
    connect,
    write,
)
from tests.connectors.archive.samples import LAST, START, article, at, claim, feed, intake, unit
from tests.integration.elasticsearch.secured import SecuredNode

BRIEF = BulkOptions(retries=Retries(deadline=1))
Open = Callable[..., Archive]


@pytest.fixture
def open_as(secured: SecuredNode, acting: Callable[[str], None]) -> Iterator[Open]:
    opened: list[Archive] = []

    def open_(role: str, prefix: str = "parley") -> Archive:
        acting(role)
        address = parse_address(f"{secured.url}/{prefix}")
        opened.append(ElasticArchive(address, bulk=BRIEF))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def test_roles_do_the_work_of_an_archive(
    secured: SecuredNode, acting: Callable[[str], None], open_as: Open
) -> None:
    acting("parley_setup")
    cluster = open_cluster(parse_address(secured.url), BRIEF)
    assert len(problems(cluster)) == 9
    assert len(set_up(cluster)) == 9
    assert problems(cluster) == set_up(cluster) == []

    archive = open_as("parley_run")
    with archive.lease("run", START, timedelta(minutes=1)) as lease:
        lease.renew(at(0.5))
        ref = archive.identify(["guid", "url"], intake("a").ref)
        assert archive.admit([intake("a")], feed()) == [intake("a")]
        archive.write([article("a", article_id=ref.article_id), claim("c", 1)])
        archive.dispose("a", "indexed", "", at(2))
        archive.refresh()
        near = archive.neighbours("claims", unit(1), 3, before=LAST, since=START)
        assert [one.document.id for one in near] == ["c"]
        assert archive.feeds() == {"wire": feed()}
        assert archive.dossier_since("ukraine", START) == START

    reader = open_as("parley_read")
    reader.refresh()
    assert [hit.document.id for hit in reader.search("claims", Query(words="truce"))] == ["c"]
    assert reader.dispositions() == {("indexed", ""): 1}
    with pytest.raises(ArchiveUnavailable, match=r"refuses|forbidden"):
        reader.write([claim("d")])

    with pytest.raises(ArchiveUnavailable, match="refuses"):
        archive.prune("2026-04")
    pruner = open_as("parley_prune")
    assert pruner.prune("2026-04")["claims"] == 1
    assert pruner.intake(["a"])["a"].title == ""


def test_an_archive_that_is_not_set_up_says_who_can(open_as: Open) -> None:
    with pytest.raises(ArchiveError, match=r"parley setup.*parley_setup"):
        open_as("parley_run", "parley-other")


def test_a_key_is_good_for_its_own_prefix_alone(open_as: Open) -> None:
    with pytest.raises(ArchiveError, match=r"refuses|not set up"):
        open_as("parley_run", "elsewhere")


def test_a_wrong_key_is_told(
    secured: SecuredNode, open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_CA_FILE", str(secured.ca_file))
    monkeypatch.setenv("ELASTICSEARCH_API_KEY", "bm86c3VjaA==")
    with pytest.raises(ArchiveUnavailable, match="credentials"):
        ElasticArchive(parse_address(secured.url), bulk=BRIEF)


def test_an_unknown_authority_is_told_at_once(
    secured: SecuredNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ELASTICSEARCH_CA_FILE", raising=False)
    with pytest.raises(ArchiveUnavailable, match="cannot be used"):
        ElasticArchive(parse_address(secured.url))


def sink(secured: SecuredNode, **trust: object) -> list[Written | Failed]:
    options = ConnectionOptions(hosts=(secured.url,), **trust)  # type: ignore[arg-type]
    client = connect(options, {"ELASTICSEARCH_API_KEY": secured.key_for("parley_run")})
    documents = [BulkDocument(index, "x", {"n": 1}) for index in ("parley-sink", "secret-index")]
    return list(write(client, documents, BRIEF))


def test_the_sink_writes_by_certificate_authority_and_key(secured: SecuredNode) -> None:
    found = sink(secured, ca_file=secured.ca_file)
    assert sorted(type(one).__name__ for one in found) == ["Failed", "Written"]
    (failed,) = (one for one in found if isinstance(one, Failed))
    assert (failed.document.index, failed.reason) == ("secret-index", "forbidden")


def test_the_sink_checks_a_fingerprint(secured: SecuredNode) -> None:
    assert len(sink(secured, fingerprint=secured.fingerprint, ca_file=secured.ca_file)) == 2
    with pytest.raises(Refused):
        sink(secured, fingerprint="0" * 64, ca_file=secured.ca_file)


def test_the_sink_trusts_no_unknown_authority(secured: SecuredNode, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        sink(secured)

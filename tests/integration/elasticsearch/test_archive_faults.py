"""The archive under the faults of a real node: what returned is kept, what raised is repeated."""

import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from connectors.archive.documents import ArticleRef
from connectors.archive.elastic import ElasticArchive, parse_address
from connectors.archive.protocol import ArchiveBusy, ArchiveSchemaError, ArchiveUnavailable
from connectors.elasticsearch import BulkOptions, Retries
from tests.connectors.archive.samples import (
    LAST,
    START,
    article,
    at,
    claim,
    dead_letter,
    feed,
    intake,
    unit,
)
from tests.integration.elasticsearch.server import Node

PATIENT = BulkOptions()
BRIEF = BulkOptions(retries=Retries(first=0.1, longest=0.3, deadline=1), shard_timeout=0.2)
TERM = timedelta(minutes=10)


def opened(node: Node, prefix: str, bulk: BulkOptions = PATIENT) -> ElasticArchive:
    return ElasticArchive(parse_address(f"{node.url}/{prefix}"), bulk=bulk)


@pytest.fixture
def archive(tight: Node, request: pytest.FixtureRequest) -> Iterator[ElasticArchive]:
    made = opened(tight, prefix_of(request))
    yield made
    made.close()


@pytest.fixture
def hasty(tight: Node, archive: ElasticArchive, request: Any) -> Iterator[ElasticArchive]:
    """The same archive, with a deadline of a second."""
    made = opened(tight, prefix_of(request), BRIEF)
    yield made
    made.close()


def prefix_of(request: pytest.FixtureRequest) -> str:
    return f"t{zlib.crc32(request.node.name.encode())}"


def settings(admin: Elasticsearch, archive: ElasticArchive, **values: Any) -> None:
    names = archive._cluster.names.all
    admin.indices.put_settings(index=names, settings=values, allow_no_indices=True)


def test_a_killed_run_loses_its_lease_after_its_term(archive: ElasticArchive) -> None:
    killed = archive.lease("run one", START, TERM)
    with pytest.raises(ArchiveBusy, match="run one"):
        archive.lease("run two", at(9.9), TERM)
    with archive.lease("run two", at(10), TERM):
        with pytest.raises(ArchiveBusy, match="run two"):
            killed.renew(at(11))
        killed.__exit__(None, None, None)
        with pytest.raises(ArchiveBusy, match="run two"):
            archive.lease("run three", at(12), TERM)


def test_a_letter_that_comes_again_in_another_month_is_the_same(archive: ElasticArchive) -> None:
    archive.write([dead_letter("x", 1)])
    later = dead_letter("x", 60 * 24 * 40)
    archive.write([later])
    archive.refresh()
    assert list(archive.export("dead_letters")) == [later]


def test_a_read_only_archive_is_told(
    admin: Elasticsearch, archive: ElasticArchive, hasty: ElasticArchive
) -> None:
    archive.admit([intake("a")], feed())
    settings(admin, archive, **{"index.blocks.write": True})
    with pytest.raises(ArchiveUnavailable):
        hasty.admit([intake("b")], feed())
    with pytest.raises(ArchiveUnavailable, match="write-blocked"):
        hasty.dispose("a", "indexed", "", at(1))
    assert hasty.intake(["a"]) == {"a": intake("a")}
    settings(admin, archive, **{"index.blocks.write": None})
    hasty.dispose("a", "indexed", "", at(1))


def test_a_full_disk_is_waited_for(admin: Elasticsearch, archive: ElasticArchive) -> None:
    archive.admit([intake("a")], feed())
    block = "index.blocks.read_only_allow_delete"
    settings(admin, archive, **{block: True})
    timer = threading.Timer(1, lambda: settings(admin, archive, **{block: None}))
    timer.start()
    archive.dispose("a", "indexed", "", at(1))
    timer.join()
    assert archive.intake(["a"])["a"].disposition == "indexed"


def test_half_a_memory_is_no_memory(
    admin: Elasticsearch, archive: ElasticArchive, hasty: ElasticArchive
) -> None:
    """A month whose shard is down must not look like a month in which nothing was said."""
    march = archive._cluster.names.monthly("claims", "2026-03")
    where = "index.routing.allocation.require._name"
    archive.write([claim("april", 60 * 24 * 32)])
    archive.refresh()
    admin.indices.create(index=march, settings={where: "nobody"}, wait_for_active_shards=0)
    with pytest.raises(ArchiveUnavailable):
        hasty.neighbours("claims", unit(1), 5, before=LAST, since=START)
    with pytest.raises(ArchiveUnavailable):
        hasty.get("claims", ["march"])
    with pytest.raises(ArchiveUnavailable):
        hasty.counts()
    admin.indices.put_settings(index=march, settings={where: None})
    near = archive.neighbours("claims", unit(1), 5, before=LAST, since=START)
    assert [one.document.id for one in near] == ["april"]


def test_a_closed_month_is_not_passed_over(
    admin: Elasticsearch, archive: ElasticArchive, hasty: ElasticArchive
) -> None:
    archive.write([claim("march", 1), claim("april", 60 * 24 * 32)])
    archive.refresh()
    admin.indices.close(index=archive._cluster.names.monthly("claims", "2026-03"))
    with pytest.raises(ArchiveUnavailable, match="open it"):
        hasty.neighbours("claims", unit(1), 5, before=LAST, since=START)
    with pytest.raises(ArchiveUnavailable):
        hasty.get("claims", ["march"])


def test_an_index_that_was_deleted_is_told(
    admin: Elasticsearch, archive: ElasticArchive, hasty: ElasticArchive
) -> None:
    admin.indices.delete(index=archive._cluster.names.fixed("intake"))
    with pytest.raises(ArchiveSchemaError, match="parley setup"):
        list(hasty.pending())


def test_a_hanging_node_is_waited_for(tight: Node, archive: ElasticArchive) -> None:
    tight.suspend()
    timer = threading.Timer(2, tight.resume)
    timer.start()
    archive.write([claim("c")])
    timer.join()
    assert list(archive.get("claims", ["c"])) == ["c"]


def test_a_node_killed_while_writing_loses_nothing(tight: Node, archive: ElasticArchive) -> None:
    """Every call that returned before the kill is there after it; calls during it end well."""
    entries = [intake(f"e{n:03}", n) for n in range(120)]
    restart = threading.Thread(target=tight.start)
    for number, entry in enumerate(entries):
        if number == 40:
            tight.kill()
            restart.start()
        ref = archive.identify([f"guid {number}", f"url {number}"], entry.ref)
        assert ref == entry.ref
        archive.admit([entry], feed(state={"seen": number}))
        archive.write([article(entry.id, number), claim(f"c-{entry.id}", number)])
        archive.dispose(entry.id, "indexed", "", at(number))
    restart.join()
    archive.refresh()
    assert archive.dispositions() == {("indexed", ""): 120}
    assert archive.counts()["articles"] == archive.counts()["claims"] == 120
    assert archive.feeds()["wire"].state == {"seen": 119}
    other = ArticleRef("other", "2026-04")
    found = [archive.identify([f"url {number}"], other) for number in range(120)]
    assert found == [entry.ref for entry in entries]


def test_a_dead_cluster_is_told_after_the_deadline(tight: Node, archive: ElasticArchive) -> None:
    tight.kill()
    with pytest.raises(ArchiveUnavailable, match="does not answer"):
        opened(tight, "dead", BRIEF)
    tight.start()

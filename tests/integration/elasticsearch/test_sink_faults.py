"""The sink under the faults that a real node produces: every document ends, once, and rightly."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from connectors.elasticsearch import (
    BulkDocument,
    BulkOptions,
    ConnectionOptions,
    Failed,
    Retries,
    Written,
    connect,
    write,
)
from connectors.elasticsearch.batching import Line, batches, encode
from connectors.elasticsearch.bulk import BulkSender, Report
from tests.integration.elasticsearch.conftest import documents, ends, stored
from tests.integration.elasticsearch.server import Node

PATIENT = Retries(first=0.1, longest=2, deadline=120)
BRIEF = Retries(first=0.1, longest=0.5, deadline=2)


def client_of(tight: Node, timeout: float = 30) -> Elasticsearch:
    return connect(ConnectionOptions(hosts=(tight.url,), request_timeout=timeout))


def put(
    tight: Node, wanted: Iterable[BulkDocument], *, timeout: float = 30, **options: Any
) -> list[Written | Failed]:
    client = client_of(tight, timeout)
    found = list(write(client, wanted, BulkOptions(**({"retries": PATIENT} | options))))
    client.close()
    return found


def make(admin: Elasticsearch, index: str, **settings: Any) -> None:
    mappings = {"dynamic": "strict", "properties": {"number": {"type": "integer"}, "text": TEXT}}
    admin.indices.create(
        index=index,
        mappings=mappings,
        settings={"number_of_replicas": 0, **settings},
        wait_for_active_shards=0,
    )


TEXT = {"type": "text"}


def test_400_bad_documents_fail_and_the_others_are_written(
    tight: Node, admin: Elasticsearch
) -> None:
    make(admin, "bad")
    wanted = documents("bad", 100)
    wanted[7] = BulkDocument("bad", "d7", {"number": "seven"})
    wanted[8] = BulkDocument("bad", "d8", {"unknown": 1})
    found = put(tight, wanted)
    reasons = {one.document.id: one.error for one in found if isinstance(one, Failed)}
    assert set(reasons) == {"d7", "d8"}
    assert "seven" in reasons["d7"]
    assert Counter(ends(found).values()) == {"written": 98, "rejected": 2}
    assert stored(admin, "bad") == 98


def test_409_what_is_there_counts_as_created(tight: Node, admin: Elasticsearch) -> None:
    first = BulkDocument("twice", "a", {"number": 1}, op="create")
    again = BulkDocument("twice", "a", {"number": 2}, op="create")
    results = [one.result for one in put(tight, [first, again]) if isinstance(one, Written)]
    assert results == ["created", "exists"]
    assert admin.get(index="twice", id="a")["_source"] == {"number": 1}


def test_403_a_write_block_is_told_and_may_pass(tight: Node, admin: Elasticsearch) -> None:
    make(admin, "closed")
    admin.indices.put_settings(index="closed", settings={"index.blocks.write": True})
    blocked = documents("closed", 3)
    found = put(tight, [*blocked, BulkDocument("open", "fits", {"number": 1})])
    assert ends(found) == {f"d{n}": "forbidden" for n in range(3)} | {"fits": "written"}
    assert all(one.transient for one in found if isinstance(one, Failed))
    admin.indices.put_settings(index="closed", settings={"index.blocks.write": None})
    assert set(ends(put(tight, blocked)).values()) == {"written"}
    assert stored(admin, "closed") == 3


def test_404_an_index_that_may_not_be_made(tight: Node) -> None:
    assert set(ends(put(tight, documents("nowhere", 2))).values()) == {"not_found"}


def test_413_too_much_at_once_is_halved_too_much_alone_fails(
    tight: Node, admin: Elasticsearch
) -> None:
    wanted = documents("large", 10, size=30_000)
    wanted[4] = BulkDocument("large", "d4", {"text": "x" * 120_000})
    found = ends(put(tight, wanted, max_bytes=5 * 2**20, in_flight=1))
    assert found == {f"d{n}": "written" for n in range(10)} | {"d4": "too_large"}
    assert stored(admin, "large") == 9


def test_429_of_whole_requests_passes(tight: Node, admin: Elasticsearch) -> None:
    reports = at_once(tight, documents("pressure", 80, size=30_000), 3, threads=16)
    assert max(report.attempts for report in reports) > 1
    assert stored(admin, "pressure") == 80


def test_429_of_items_passes(tight: Node, admin: Elasticsearch) -> None:
    for number in range(12):
        make(admin, f"queue-{number}")
    wanted = [one for number in range(12) for one in documents(f"queue-{number}", 40)]
    wanted = [BulkDocument(one.index, f"{one.index}-{one.id}", one.body) for one in wanted]
    reports = at_once(tight, wanted[::7] + wanted, 12, threads=24)
    assert max(report.attempts for report in reports) > 1
    assert stored(admin, "queue-*") == 480


def at_once(tight: Node, wanted: list[BulkDocument], size: int, threads: int) -> list[Report]:
    """Sends batches of `size` from many threads; all is written in the end."""
    client, options = client_of(tight), BulkOptions(max_documents=size, retries=PATIENT)
    lines = [line for one in wanted if isinstance(line := encode(one, 10**6), Line)]
    with ThreadPoolExecutor(threads) as pool:
        reports = list(pool.map(BulkSender(client, options).send, batches(lines, options)))
    client.close()
    results = [result for report in reports for result, _ in report.outcomes]
    assert len(results) == len(wanted)
    assert all(isinstance(one, Written) for one in results)
    return reports


def test_429_live_by_the_circuit_breaker_passes(tight: Node, admin: Elasticsearch) -> None:
    limit = "indices.breaker.total.limit"
    admin.cluster.put_settings(persistent={limit: "1%"})
    timer = threading.Timer(2, lambda: admin.cluster.put_settings(persistent={limit: None}))
    timer.start()
    found = put(tight, documents("breaker", 50))
    timer.join()
    assert set(ends(found).values()) == {"written"}
    assert stored(admin, "breaker") == 50


def test_429_a_full_disk_is_waited_for(tight: Node, admin: Elasticsearch) -> None:
    make(admin, "disk", **{"blocks.read_only_allow_delete": True})
    lift = {"index.blocks.read_only_allow_delete": None}
    timer = threading.Timer(1, lambda: admin.indices.put_settings(index="disk", settings=lift))
    timer.start()
    found = put(tight, documents("disk", 20))
    timer.join()
    assert set(ends(found).values()) == {"written"}


def test_429_a_disk_that_stays_full_loses_nothing(tight: Node, admin: Elasticsearch) -> None:
    make(admin, "full", **{"blocks.read_only_allow_delete": True})
    mixed = [BulkDocument("roomy", "fits", {"number": 1}), *documents("full", 20)]
    found = put(tight, mixed, retries=BRIEF)
    assert ends(found) == {f"d{n}": "unavailable" for n in range(20)} | {"fits": "written"}
    assert {one.status for one in found if isinstance(one, Failed)} == {429}


def test_503_a_shard_that_is_not_up_puts_off_its_own_alone(
    tight: Node, admin: Elasticsearch
) -> None:
    make(admin, "homeless", **{"routing.allocation.require._name": "nobody"})
    mixed = [*documents("homeless", 3), BulkDocument("homely", "fits", {"number": 1})]
    found = put(tight, mixed, retries=BRIEF, shard_timeout=0.2)
    assert ends(found) == {f"d{n}": "unavailable" for n in range(3)} | {"fits": "written"}
    assert {one.status for one in found if isinstance(one, Failed)} == {503}


def test_five_per_cent_bad_and_a_tiny_queue_lose_nothing(tight: Node, admin: Elasticsearch) -> None:
    make(admin, "mixed")
    wanted = documents("mixed", 2000)
    wanted[::20] = [BulkDocument("mixed", one.id, {"number": "?"}) for one in wanted[::20]]
    found = ends(put(tight, wanted, max_documents=20, in_flight=16))
    assert Counter(found.values()) == {"written": 1900, "rejected": 100}
    assert {id_ for id_, end in found.items() if end == "rejected"} == {
        one.id for one in wanted[::20]
    }
    assert stored(admin, "mixed") == 1900


def test_a_node_that_hangs_is_waited_for(tight: Node, admin: Elasticsearch) -> None:
    make(admin, "hang")
    tight.suspend()
    timer = threading.Timer(3, tight.resume)
    timer.start()
    found = put(tight, documents("hang", 50), timeout=1)
    timer.join()
    assert set(ends(found).values()) == {"written"}
    assert stored(admin, "hang") == 50


def test_a_node_that_is_killed_and_comes_back_loses_nothing(
    tight: Node, admin: Elasticsearch
) -> None:
    make(admin, "killed")

    def stream() -> Iterator[BulkDocument]:
        for number, one in enumerate(documents("killed", 3000)):
            if number == 1000:
                tight.kill()
                restart.start()
            yield one

    restart = threading.Thread(target=tight.start)
    found = put(tight, stream(), max_documents=50)
    restart.join()
    assert set(ends(found).values()) == {"written"}
    assert stored(admin, "killed") == 3000


@pytest.mark.parametrize("size", [0, 1])
def test_little_is_fine_too(tight: Node, size: int) -> None:
    assert len(put(tight, documents("little", size))) == size

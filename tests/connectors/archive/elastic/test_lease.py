"""The lease while nobody calls: renewed by its thread, told as lost, given back."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from connectors.archive.codec import timestamp
from connectors.archive.elastic.cluster import Cluster
from connectors.archive.elastic.lease import DocumentLease
from connectors.archive.protocol import ArchiveBusy
from tests.connectors.archive.elastic.conftest import Node
from tests.connectors.archive.samples import START, at

TERM = timedelta(seconds=0.15)  # of the thread's rhythm; the times stored are those of `Hours`
AWAY = (503, {"error": "away"})


class Shelf:
    """One document, as Elasticsearch keeps it: who writes must know its last change."""

    def __init__(self) -> None:
        self.document: dict[str, Any] | None = None
        self.changes, self.away = 0, False
        self._changed = threading.Condition()

    def says(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        with self._changed:
            if self.away:
                answer: tuple[int, Any] = AWAY
            elif target.startswith("/_mget"):
                answer = 200, {"docs": [self._found()]}
            elif not self._as_known(target):
                answer = 409, {"error": {"type": "version_conflict_engine_exception"}}
            else:
                self.put(None if method == "DELETE" else json.loads(body))
                answer = 200, {"result": "updated"}
            return answer

    def put(self, document: dict[str, Any] | None) -> None:
        with self._changed:
            self.document, self.changes = document, self.changes + 1
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, 5)

    def _found(self) -> dict[str, Any]:
        found = {"_source": self.document, "_seq_no": self.changes, "_primary_term": 1}
        return {"_id": "lease", "found": self.document is not None, **found}

    def _as_known(self, target: str) -> bool:
        if "op_type=create" in target or "/_create/" in target:
            return self.document is None
        return f"if_seq_no={self.changes}" in target and self.document is not None


class Hours:
    """A clock on which every look takes an hour."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 3600
        return self.seconds


@pytest.fixture
def shelf(node: Node) -> Shelf:
    made = Shelf()
    node.says = made.says
    return made


@pytest.fixture
def lease(cluster: Cluster, shelf: Shelf) -> DocumentLease:
    return DocumentLease(cluster, "run one", START, TERM, Hours())


def other() -> dict[str, Any]:
    return {"name": "run two", "token": "two", "expires_at": timestamp(at(10**6))}


def keepers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "lease"]


def test_a_lease_is_renewed_while_its_run_is_busy(lease: DocumentLease, shelf: Shelf) -> None:
    with lease:
        shelf.wait_for(lambda: shelf.changes >= 4)
        assert shelf.document is not None
        assert shelf.document["expires_at"] >= timestamp(at(180) + TERM)
    assert shelf.document is None
    assert keepers() == []


def test_renewals_count_on_from_the_time_that_was_told_last(
    lease: DocumentLease, shelf: Shelf
) -> None:
    with lease:
        lease.renew(at(10**5))
        before = shelf.changes
        shelf.wait_for(lambda: shelf.changes > before)
        assert shelf.document is not None
        assert shelf.document["expires_at"] > timestamp(at(10**5) + TERM)


def test_a_lease_that_is_gone_is_taken_again(lease: DocumentLease, shelf: Shelf) -> None:
    shelf.put(None)
    lease.renew(at(1))
    assert shelf.document is not None
    with lease:
        shelf.put(None)
        shelf.wait_for(lambda: shelf.document is not None)
        lease.renew(at(2))


def test_a_lease_lost_to_another_is_told_even_after_that_has_ended(
    lease: DocumentLease, shelf: Shelf
) -> None:
    with lease:
        shelf.put(other())
        keepers()[0].join(5)
        shelf.put(None)
        with pytest.raises(ArchiveBusy, match="run two"):
            lease.renew(at(1))
    assert shelf.document is None


def test_the_lease_of_another_is_neither_renewed_nor_given_back(
    lease: DocumentLease, shelf: Shelf
) -> None:
    with lease:
        shelf.put(other())
        with pytest.raises(ArchiveBusy, match="run two"):
            lease.renew(at(1))
    assert shelf.document == other()


def test_a_cluster_that_comes_back_is_told_of_the_lease_again(
    lease: DocumentLease, node: Node, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    with lease:
        shelf.away, asked = True, len(node.asked)
        while len(node.asked) < asked + 2:
            threading.Event().wait(0.01)
        shelf.away, before = False, shelf.changes
        shelf.wait_for(lambda: shelf.changes > before)
        lease.renew(at(1))
    assert "not renewed yet" in caplog.text


def test_a_cluster_that_is_away_at_the_end_does_not_fail_the_run(
    lease: DocumentLease, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    with lease:
        shelf.away = True
    assert "not given back" in caplog.text
    assert keepers() == []

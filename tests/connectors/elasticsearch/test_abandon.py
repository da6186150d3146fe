"""A bundle that fails leaves nothing on its way that could be written after its repetition."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connectors.elasticsearch import BulkDocument, BulkOptions, ConnectionOptions, Refused
from connectors.elasticsearch.beam import _Write
from connectors.elasticsearch.bulk import BulkWriter, Report

OPTIONS = BulkOptions(max_documents=1, in_flight=4)


class Sender:
    """Refuses `bad` when `slow` has started, is long about that, and notes what it has done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.started, self.refused = threading.Event(), threading.Event()

    def send(self, batch: Any) -> Report:
        id_ = batch[0].document.id
        if id_ == "bad":
            self.started.wait(5)
            self.refused.set()
            raise Refused("no")
        if id_ == "slow":
            self.started.set()
            self.refused.wait(5)
            threading.Event().wait(0.2)
        self.done.append(id_)
        return Report((), 0, 1, 0.0)


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def document(id_: str) -> BulkDocument:
    return BulkDocument("index", id_, {})


def test_a_refusal_is_raised_when_all_else_has_ended_or_was_called_back(
    sender: Sender, executor: ThreadPoolExecutor
) -> None:
    writer = BulkWriter(sender, OPTIONS, executor)  # type: ignore[arg-type]
    for id_ in ("bad", "slow"):
        writer.add(document(id_))
    with pytest.raises(Refused):
        writer.flush()
    assert sender.done == ["slow"]
    assert writer.flush() == []


def test_a_refusal_seen_while_waiting_for_room_waits_for_the_rest(
    sender: Sender, executor: ThreadPoolExecutor
) -> None:
    options = BulkOptions(max_documents=1, in_flight=2)
    writer = BulkWriter(sender, options, executor)  # type: ignore[arg-type]
    for id_ in ("bad", "slow", "later"):
        writer.add(document(id_))
    with pytest.raises(Refused):
        writer.add(document("last"))
    assert sender.done == ["slow"]


def test_the_next_bundle_begins_when_the_one_before_it_has_ended(
    sender: Sender, executor: ThreadPoolExecutor
) -> None:
    sink = _Write(ConnectionOptions(hosts=("http://127.0.0.1:1",)), OPTIONS)
    sink.setup()
    sink._writer = BulkWriter(sender, OPTIONS, executor)  # type: ignore[arg-type]
    for id_ in ("slow", "x"):
        sink._writer.add(document(id_))
    sender.started.wait(5)
    sender.refused.set()
    sink.start_bundle()
    assert sender.done == ["slow"]
    sink.teardown()


def test_the_sink_is_torn_down_when_its_requests_have_ended(sender: Sender) -> None:
    sink = _Write(ConnectionOptions(hosts=("http://127.0.0.1:1",)), OPTIONS)
    sink.setup()
    assert sink._executor is not None
    writer = BulkWriter(sender, OPTIONS, sink._executor)  # type: ignore[arg-type]
    for id_ in ("slow", "x"):
        writer.add(document(id_))
    sender.started.wait(5)
    sender.refused.set()
    sink.teardown()
    assert sender.done == ["slow"]

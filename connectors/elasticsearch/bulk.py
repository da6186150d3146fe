"""Bulk requests: one batch to its end, and many documents with several batches on their way."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from elastic_transport import ApiError, TlsError, TransportError
from elasticsearch import Elasticsearch, UnsupportedProductError
from tenacity import RetryCallState, retry_if_result

from connectors.elasticsearch.batching import Batch, Batcher, Line, encode
from connectors.elasticsearch.documents import BulkDocument, Failed, Written
from connectors.elasticsearch.errors import Refused, explain, is_transient
from connectors.elasticsearch.options import BulkOptions
from connectors.elasticsearch.retry import Sleep, retrying
from connectors.elasticsearch.verdicts import Again, Verdict, refused_whole, verdicts

Outcome = tuple[Written | Failed, Any]  # with the tag its document came with


@dataclass(frozen=True, slots=True)
class Report:
    """How a batch ended: every document once. `seconds` includes the waits between attempts."""

    outcomes: tuple[Outcome, ...]
    bytes: int
    attempts: int
    seconds: float


class BulkSender:
    """Sends one batch until every document of it is written or failed. Shared between threads."""

    def __init__(
        self, client: Elasticsearch, options: BulkOptions, sleep: Sleep = time.sleep
    ) -> None:
        self._client, self._options, self._sleep = client, options, sleep

    def send(self, batch: Batch) -> Report:
        """Raises `Refused` where the account may not write at all, or TLS fails."""
        started, settled = time.perf_counter(), list[Outcome]()
        waiting = list(batch)

        def attempt() -> list[tuple[Line, Again]]:
            again = []
            for line, verdict in self._ask(tuple(waiting)):
                if isinstance(verdict, Again):
                    again.append((line, verdict))
                else:
                    settled.append((verdict, line.tag))
            waiting[:] = [line for line, _ in again]
            return again

        patience = retrying(
            self._options.retries,
            self._sleep,
            retry=retry_if_result(bool),
            retry_error_callback=_last_result,
        )
        left = patience(attempt)
        settled += [(again.given_up(line.document), line.tag) for line, again in left]
        size = sum(len(line.payload) for line in batch)
        attempts: int = patience.statistics["attempt_number"]
        return Report(tuple(settled), size, attempts, time.perf_counter() - started)

    def _ask(self, batch: Batch) -> list[tuple[Line, Verdict]]:
        """One attempt. A request that is refused as a whole for what is in it (400, 413) is halved
        until it is clear which document is to blame; a 413 for more than one document says only
        that they are too many."""
        payload: Any = [line.payload for line in batch]  # the client takes bytes, untyped
        patience = f"{round(self._options.shard_timeout * 1000)}ms"
        try:
            answer = self._client.bulk(operations=payload, timeout=patience)
        except (ApiError, TransportError) as error:
            return self._whole(batch, error)
        return verdicts(batch, answer["items"])

    def _whole(self, batch: Batch, error: ApiError | TransportError) -> list[tuple[Line, Verdict]]:
        if is_transient(error):
            again = Again(getattr(error, "status_code", 0), explain(error))
            return [(line, again) for line in batch]
        status = error.meta.status if isinstance(error, ApiError) else 0
        if status in (401, 403) or isinstance(error, TlsError | UnsupportedProductError):
            raise Refused(explain(error)) from error
        if len(batch) == 1 or status not in (400, 413):
            reason = explain(error)
            return [(line, refused_whole(line.document, status, reason)) for line in batch]
        middle = len(batch) // 2
        return self._ask(batch[:middle]) + self._ask(batch[middle:])


def _last_result(state: RetryCallState) -> Any:
    assert state.outcome is not None
    return state.outcome.result()


class BulkWriter:
    """Takes documents, gives results as batches end; `in_flight` batches are on their way at once.

    Of two documents with one id the second is sent when the first has ended. Results come in no
    order. For one thread; the executor and the sender may be shared.
    """

    def __init__(self, sender: BulkSender, options: BulkOptions, executor: Executor) -> None:
        self._sender, self._options, self._executor = sender, options, executor
        self._batcher = Batcher(options)
        self._flying: list[tuple[Future[Report], frozenset[str]]] = []

    def add(self, document: BulkDocument, tag: Any = None) -> list[Report]:
        """Take a document; the reports of batches that ended meanwhile."""
        line = encode(document, self._options.max_document_bytes, tag)
        if isinstance(line, Failed):
            return [Report(((line, tag),), 0, 0, 0.0)]
        full = self._batcher.add(line)
        return self._send(full) if full else []

    def flush(self) -> list[Report]:
        """Send the rest and wait for everything."""
        rest = self._batcher.take()
        ended = self._send(rest) if rest else []
        ended += self._results([future for future, _ in self._flying])
        self._flying = []
        return ended

    def abandon(self) -> None:
        """Call back what has not started and wait for the rest, so that nothing of it is written
        after what takes its place: the bundle will be repeated, perhaps with newer versions."""
        wait([future for future, _ in self._flying if not future.cancel()])
        self._flying = []

    def _send(self, batch: Batch) -> list[Report]:
        """Put a batch on its way, when there is room; what ended while waiting for that."""
        ids = frozenset(line.document.id for line in batch)
        ended = list[Report]()
        while self._must_wait(ids):
            wait([future for future, _ in self._flying], return_when=FIRST_COMPLETED)
            ended += self._landed()
        self._flying.append((self._executor.submit(self._sender.send, batch), ids))
        return ended

    def _must_wait(self, ids: frozenset[str]) -> bool:
        if len(self._flying) >= self._options.in_flight:
            return True
        return any(not ids.isdisjoint(others) for _, others in self._flying)

    def _landed(self) -> list[Report]:
        ended = [pair for pair in self._flying if pair[0].done()]
        reports = self._results([future for future, _ in ended])
        self._flying = [pair for pair in self._flying if pair not in ended]
        return reports

    def _results(self, futures: Iterable[Future[Report]]) -> list[Report]:
        try:
            return [future.result() for future in futures]
        except BaseException:
            self.abandon()
            raise


def write(
    client: Elasticsearch, documents: Iterable[BulkDocument], options: BulkOptions | None = None
) -> Iterator[Written | Failed]:
    """Write documents outside of Beam: every one comes out once, written or failed.

    Raises:
        Refused: the account may not write at all, or TLS fails.
    """
    bounds = options or BulkOptions()
    with ThreadPoolExecutor(bounds.in_flight, thread_name_prefix="bulk") as executor:
        writer = BulkWriter(BulkSender(client, bounds), bounds, executor)
        for document in documents:
            for report in writer.add(document):
                yield from (result for result, _ in report.outcomes)
        for report in writer.flush():
            yield from (result for result, _ in report.outcomes)

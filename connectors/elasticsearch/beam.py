"""`WriteToElasticsearch`: the sink as a Beam transform."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.display import DisplayDataItem
from apache_beam.utils.windowed_value import WindowedValue
from elasticsearch import Elasticsearch

from connectors.elasticsearch.bulk import BulkSender, BulkWriter, Report
from connectors.elasticsearch.client import connect
from connectors.elasticsearch.documents import BulkDocument, Failed, Written
from connectors.elasticsearch.options import BulkOptions, ConnectionOptions

FAILED = "failed"
NAMESPACE = "elasticsearch"


class WriteResult(NamedTuple):
    """Every document of the input is in exactly one of the two, in its window, at its time."""

    written: "beam.PCollection[Written]"
    failed: "beam.PCollection[Failed]"


class WriteToElasticsearch(beam.PTransform):
    """Writes `BulkDocument`s in bulk.

    At least once: where a bundle is repeated its documents are written again, under the same ids.
    Trouble with a document, and a cluster that stays away beyond the deadline, go to `failed`; the
    bundle fails only where the account is refused or TLS fails (`Refused`).
    """

    def __init__(self, connection: ConnectionOptions, bulk: BulkOptions | None = None) -> None:
        super().__init__()
        self._connection, self._bulk = connection, bulk or BulkOptions()

    def expand(self, documents: "beam.PCollection[BulkDocument]") -> WriteResult:
        write = beam.ParDo(_Write(self._connection, self._bulk))
        outputs = documents | "Bulk" >> write.with_outputs(FAILED, main="written")
        written, failed = outputs.written, outputs[FAILED]
        written.element_type, failed.element_type = Written, Failed
        return WriteResult(written, failed)

    def display_data(self) -> dict[str, Any]:
        limits = self._bulk.model_dump(exclude={"retries"}) | self._bulk.retries.model_dump()
        return {
            "hosts": DisplayDataItem(", ".join(self._connection.hosts), label="Hosts"),
            **{name: DisplayDataItem(value) for name, value in limits.items()},
        }


@beam.typehints.with_input_types(BulkDocument)
class _Write(beam.DoFn):
    def __init__(self, connection: ConnectionOptions, bulk: BulkOptions) -> None:
        self._connection, self._bulk = connection, bulk
        self._client: Elasticsearch | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._writer: BulkWriter | None = None

    def setup(self) -> None:
        self._client = connect(self._connection)
        self._executor = ThreadPoolExecutor(self._bulk.in_flight, thread_name_prefix="bulk")

    def start_bundle(self) -> None:
        assert self._client is not None
        assert self._executor is not None
        if self._writer is not None:  # of a bundle that failed elsewhere, or else nothing is left
            self._writer.abandon()
        sender = BulkSender(self._client, self._bulk)
        self._writer = BulkWriter(sender, self._bulk, self._executor)

    def process(
        self,
        document: BulkDocument,
        element: WindowedValue = beam.DoFn.WindowedValueParam,
    ) -> Iterator[Any]:
        assert self._writer is not None
        yield from _emit(self._writer.add(document, element))

    def finish_bundle(self) -> Iterator[Any]:
        assert self._writer is not None
        yield from _emit(self._writer.flush())

    def teardown(self) -> None:
        if self._executor is not None:
            # To wait, since what is on its way must not end after the same bundle, repeated.
            self._executor.shutdown(cancel_futures=True)
        if self._client is not None:
            self._client.close()


def _emit(reports: Iterable[Report]) -> Iterator[Any]:
    """Results where their documents were in time and window. Counting is for the bundle's own
    thread, where Beam keeps the metrics."""
    for report in reports:
        _count(report)
        for result, element in report.outcomes:
            output = element.with_value(result)
            failed = isinstance(result, Failed)
            yield beam.pvalue.TaggedOutput(FAILED, output) if failed else output


def _count(report: Report) -> None:
    for result, _ in report.outcomes:
        if isinstance(result, Failed):
            Metrics.counter(NAMESPACE, f"failed:{result.reason}").inc()
        else:
            Metrics.counter(NAMESPACE, f"written:{result.result}").inc()
    if report.attempts:
        Metrics.counter(NAMESPACE, "attempts").inc(report.attempts)
        Metrics.counter(NAMESPACE, "retries").inc(report.attempts - 1)
        Metrics.distribution(NAMESPACE, "batch_bytes").update(report.bytes)
        Metrics.distribution(NAMESPACE, "batch_msec").update(round(report.seconds * 1000))

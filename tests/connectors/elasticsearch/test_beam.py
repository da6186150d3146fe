"""The transform, on the real server."""

from typing import Any

import apache_beam as beam
import pytest
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.display import DisplayData
from apache_beam.transforms.window import FixedWindows, TimestampedValue
from elasticsearch import Elasticsearch

from connectors.elasticsearch import BulkDocument, BulkOptions, ConnectionOptions, Failed, Written
from connectors.elasticsearch.beam import NAMESPACE, WriteToElasticsearch

MAPPINGS = {"properties": {"n": {"type": "integer"}}}
SMALL = BulkOptions(max_documents=7, in_flight=3)


@pytest.fixture
def write(url: str, index: str) -> WriteToElasticsearch:
    Elasticsearch(url).indices.create(index=index, mappings=MAPPINGS)
    return WriteToElasticsearch(ConnectionOptions(hosts=(url,)), SMALL)


def pipeline() -> Any:
    return beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))


def documents(index: str) -> list[BulkDocument]:
    """A hundred, every tenth of which the mapping refuses."""
    return [
        BulkDocument(index, f"d{n}", {"n": "no number" if n % 10 == 3 else n}) for n in range(100)
    ]


def test_every_document_is_in_one_of_two_typed_outputs(
    write: WriteToElasticsearch, url: str, index: str
) -> None:
    running = pipeline()
    result = running | beam.Create(documents(index)) | write
    assert (result.written.element_type, result.failed.element_type) == (Written, Failed)
    good = [f"d{n}" for n in range(100) if n % 10 != 3]
    bad = [(f"d{n}", "rejected", 400) for n in range(100) if n % 10 == 3]
    assert_that(result.written | beam.Map(lambda one: one.id), equal_to(good), label="written")
    failures = result.failed | beam.Map(lambda one: (one.document.id, one.reason, one.status))
    assert_that(failures, equal_to(bad), label="failed")
    outcome = running.run()
    outcome.wait_until_finish()
    client = Elasticsearch(url)
    client.indices.refresh(index=index)
    assert client.count(index=index)["count"] == 90
    query = outcome.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    counted = {item.key.metric.name: item.committed for item in query["counters"]}
    assert counted["written:created"] == 90
    assert counted["failed:rejected"] == 10
    assert counted["attempts"] >= 15
    sizes = {item.key.metric.name: item.committed for item in query["distributions"]}
    assert sizes["batch_bytes"].max > 7 * 40


def test_results_stay_in_the_window_and_at_the_time_of_their_documents(
    write: WriteToElasticsearch, index: str
) -> None:
    with pipeline() as running:
        result = (
            running
            | beam.Create(documents(index))
            | beam.Map(lambda one: TimestampedValue(one, int(one.id[1:])))
            | beam.WindowInto(FixedWindows(10))
            | write
        )

        def placed(
            one: Any, time: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
        ) -> bool:
            id_ = one.id if isinstance(one, Written) else one.document.id
            return int(time) == int(id_[1:]) and window.start <= time < window.end

        both = (result.written, result.failed) | beam.Flatten() | beam.Map(placed)
        assert_that(both, equal_to([True] * 100))


def test_display_data_show_hosts_and_limits(write: WriteToElasticsearch, url: str) -> None:
    shown = {item.key: item.value for item in DisplayData.create_from(write).items}
    assert shown["hosts"] == url
    assert shown["max_documents"] == 7
    assert shown["deadline"] == 120

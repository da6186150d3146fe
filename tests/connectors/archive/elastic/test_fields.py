"""Records and their stored form: nothing is lost, every stored field has a mapping."""

from typing import Any

import numpy as np
import pytest

from connectors.archive.documents import KINDS, FeedRecord, Intake
from connectors.archive.elastic.fields import from_source, numbers, to_source
from connectors.archive.elastic.mappings import digest, fixed, properties, templates
from connectors.archive.elastic.names import Names
from tests.connectors.archive.samples import (
    article,
    at,
    claim,
    dead_letter,
    development,
    feed,
    intake,
    position,
)

RECORDS = {
    "article": article("a", 1, url="https://x.example", topics={"b": 0.5, "a": 0.5, "c": 0.9}),
    "claim": claim("c", 1),
    "position": position("p", 1),
    "development": development("d", 1),
    "dead letter": dead_letter("x", 1, replayed_at=at(2)),
    "intake": intake("i", 1),
    "feed": feed(),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_comes_back_as_it_was(record: Any) -> None:
    again = from_source(type(record), to_source(record))
    assert again == record
    if getattr(record, "vector", None) is not None:
        np.testing.assert_array_equal(again.vector, record.vector)


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_stored_field_has_a_mapping(record: Any) -> None:
    assert set(to_source(record)) <= set(properties(type(record)))


def test_names_are_those_of_the_common_schema_where_it_has_one() -> None:
    source = to_source(RECORDS["article"])
    assert source["@timestamp"] == "2026-03-01T00:01:00.000000Z"
    assert source["url.full"] == "https://x.example"
    assert source["dossier"] == ["ukraine"]
    assert to_source(RECORDS["dead letter"])["error.message"] == "5000001 bytes"


def test_topics_are_named_strongest_first() -> None:
    assert to_source(RECORDS["article"])["topic"] == ["c", "a", "b"]


def test_a_dead_letter_is_ordered_by_its_time() -> None:
    source = to_source(RECORDS["dead letter"])
    assert source["order"] == source["@timestamp"]


def test_numbers_of_a_vector_are_exact() -> None:
    vector = np.random.default_rng(1).normal(size=5000).astype(np.float32)
    np.testing.assert_array_equal(np.asarray(numbers(vector), np.float32), vector)


def test_nothing_is_mapped_by_chance() -> None:
    names = Names("parley")
    bodies = [one["template"]["mappings"] for one in templates(names).values()]
    bodies += [one["mappings"] for one in fixed(names).values()]
    assert len(bodies) == len(KINDS) + 4
    assert all(body["dynamic"] is False for body in bodies)
    assert all(body["_meta"] == {"product": "parley", "schema": 1} for body in bodies)


def test_times_numbers_and_words_are_what_they_are() -> None:
    found = properties(KINDS["claims"]) | properties(Intake) | properties(FeedRecord)
    assert found["@timestamp"]["type"] == "date_nanos"
    assert found["published_at"]["type"] == found["last_ok_at"]["type"] == "date"
    assert found["start"]["type"] == found["failures"]["type"] == "integer"
    assert found["score"]["type"] == "float"
    assert found["backlog"]["type"] == "boolean"
    assert found["text"]["type"] == "text"
    assert found["dossier"]["type"] == found["topic"]["type"] == "keyword"
    assert found["vector"] == {
        "type": "dense_vector",
        "dims": 384,
        "similarity": "max_inner_product",
        "index_options": {"type": "flat"},
    }


def test_a_changed_template_has_another_digest() -> None:
    made = templates(Names("parley"))["parley-claims"]["template"]
    assert digest(made) != digest(made | {"settings": {}})


def test_names_of_one_archive_are_none_of_another() -> None:
    assert Names("parley").monthly("dead_letters", "2026-03") == "parley-dead-letters-2026-03"
    assert Names("parley").month_of("dead_letters", "parley-dead-letters-2026-03") == "2026-03"
    assert "parley-test-intake" not in Names("parley").all.split(",")
    assert "parley-*" not in Names("parley").all.split(",")

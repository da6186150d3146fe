"""Every stored record survives the way to JSON and back."""

import json
import math
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.checks import rejection
from connectors.archive.codec import (
    from_dict,
    storable,
    timestamp,
    to_dict,
    vector_bytes,
    vector_from,
)
from connectors.archive.documents import KINDS, FeedRecord, Intake, order_key
from connectors.archive.protocol import MAX_DOCUMENT_BYTES
from tests.connectors.archive.samples import START, article, claim, unit

ZONES = [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-11))]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TIMES = st.datetimes(
    datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.sampled_from(ZONES)
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
RECORDS = [Intake, FeedRecord, *KINDS.values()]

st.register_type_strategy(str, TEXTS)
st.register_type_strategy(datetime, TIMES)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def record_of(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Any record of a type, its vector left out."""
    special = {"vector": st.none(), "state": st.dictionaries(TEXTS, JSON, max_size=3)}
    names = {field.name for field in fields(cls)}
    return st.builds(cls, **{name: how for name, how in special.items() if name in names})


@pytest.mark.parametrize("cls", RECORDS)
@given(data=st.data())
def test_every_record_comes_back_as_it_was(cls: type[Any], data: st.DataObject) -> None:
    record = data.draw(record_of(cls))
    text = json.dumps(to_dict(record), allow_nan=False)
    assert from_dict(cls, json.loads(text)) == record


@pytest.mark.parametrize("cls", RECORDS)
def test_data_of_another_schema_are_an_error(cls: type[Any]) -> None:
    with pytest.raises(KeyError):
        from_dict(cls, {"id": "a"})


@given(text=st.text(st.characters()))
def test_what_is_stored_is_text_that_any_store_can_hold(text: str) -> None:
    stored = storable(text)
    stored.encode()
    assert "\0" not in stored
    assert len(stored) == len(text)
    assert storable(stored) == stored


def test_odd_texts_are_cleaned_wherever_they_are() -> None:
    odd, clean = "a\x00b\ud83d", "a\ufffdb\ufffd"
    record = article("a", title=odd, topics={odd: 1.0}, claim_ids=(odd,), dossiers=(odd, "x"))
    expected = replace(
        record, title=clean, topics={clean: 1.0}, claim_ids=(clean,), dossiers=(clean, "x")
    )
    assert from_dict(type(record), to_dict(record)) == expected


@given(one=TIMES, other=TIMES)
def test_the_order_of_timestamps_is_the_order_of_times(one: datetime, other: datetime) -> None:
    assert (timestamp(one) < timestamp(other)) == (one < other)
    assert len(timestamp(one)) == len("2026-03-01T00:00:00.000000Z")
    assert datetime.fromisoformat(timestamp(one)) == one


@given(seen=TIMES, published=st.none() | TIMES, later=TIMES)
def test_order_goes_by_first_seen_then_published_then_id(
    seen: datetime, published: datetime | None, later: datetime
) -> None:
    key = order_key(seen, published, "b")
    assert order_key(seen, published, "a") < key < order_key(seen, published, "c")
    if seen < later:
        assert key < order_key(later, None, "a")
    if (published or seen) < later:
        assert key < order_key(seen, later, "a")


def test_a_vector_is_kept_to_the_bit() -> None:
    vector = np.random.default_rng(1).normal(size=384).astype(np.float32)
    raw = vector_bytes(vector)
    assert raw is not None
    assert len(raw) == 4 * 384
    back = vector_from(raw)
    assert back is not None
    np.testing.assert_array_equal(back, vector)
    back[0] = 0  # it is the caller's own
    assert vector_bytes(None) is vector_from(None) is None


def test_a_vector_does_not_go_into_the_json() -> None:
    assert "vector" not in to_dict(claim("c"))
    assert from_dict(type(claim("c")), to_dict(claim("c")), unit(1)).vector is not None


@pytest.mark.parametrize(
    "document",
    [article("a"), claim("c", vector=None), claim("c", vector=unit(1, 2, 3)), claim("c", score=0)],
)
def test_ordinary_documents_are_accepted(document: Any) -> None:
    assert rejection(document) is None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (claim("c", score=math.nan), "not finite"),
        (claim("c", topics={"x": math.inf}), "not finite"),
        (claim("c", vector=unit(1)[:4]), "shape"),
        (claim("c", vector=0 * unit(1)), "length 0"),
        (claim("c", vector=math.nan * unit(1)), "length nan"),
        (article("a", text="x" * MAX_DOCUMENT_BYTES), "at most 10485760"),
        (article("a", text="ж" * (MAX_DOCUMENT_BYTES // 2)), "at most 10485760"),
    ],
)
def test_what_can_never_be_stored_is_told_why(document: Any, reason: str) -> None:
    assert reason in str(rejection(document))


def test_times_of_other_zones_are_kept_in_utc() -> None:
    seen = START.astimezone(timezone(timedelta(hours=3)))
    assert to_dict(claim("c", first_seen_at=seen))["first_seen_at"] == "2026-03-01T00:00:00.000000Z"
    assert order_key(seen, None, "a") == order_key(START, None, "a")

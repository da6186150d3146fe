"""Stored records as plain JSON values and back, for any store and for export.

Times become ISO 8601 in UTC with a `Z`, tuples lists. Vectors are kept apart, as little-endian
float32. Lone surrogates and NUL, which not every store can hold, become U+FFFD.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from connectors.archive.documents import Vector
from connectors.archive.documents import timestamp as timestamp

T = TypeVar("T")
VECTOR = "vector"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def to_dict(record: Any) -> dict[str, Any]:
    """A record as JSON values, its vector left out."""
    names = (field.name for field in fields(record) if field.name != VECTOR)
    return {name: _plain(getattr(record, name)) for name in names}


def from_dict(cls: type[T], data: Mapping[str, Any], vector: Vector | None = None) -> T:
    """The record that `to_dict` took apart.

    Raises:
        KeyError, ValueError: the data are of another schema.
    """
    readers = _readers(cls)  # type: ignore[arg-type]  # a class is hashable
    values = {name: read(data[name]) for name, read in readers.items() if name != VECTOR}
    if VECTOR in readers:
        values[VECTOR] = vector
    return cls(**values)


def vector_bytes(vector: Vector | None) -> bytes | None:
    return None if vector is None else np.asarray(vector, dtype="<f4").tobytes()


def vector_from(raw: bytes | None) -> Vector | None:
    return None if raw is None else np.frombuffer(raw, dtype="<f4").astype(np.float32)


def storable(text: str) -> str:
    """The text without what a store cannot hold."""
    return _UNSTORABLE.sub("\ufffd", text)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, Mapping):
        return {storable(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _readers(cls: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(cls)
    return {field.name: _reader(hints[field.name]) for field in fields(cls)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a JSON value becomes one of this type: only times and tuples differ."""
    options = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    if datetime in options:
        return _read_time
    if any(get_origin(option) is tuple for option in options):
        return _read_tuple
    return _as_is


def _read_time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _read_tuple(value: Any) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


def _as_is(value: Any) -> Any:
    return value

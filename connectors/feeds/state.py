"""What is remembered of a feed between polls. Frozen; opaque JSON for whoever keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

_TIMES = {
    "first_ok_at", "last_ok_at", "last_polled_at", "next_due_at", "newest_entry_at", "full_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedState:
    """`seen` holds short hashes of what the feed last listed, and before where it broke off: what
    is not among them is new.

    `interval` is the feed's own rhythm as polls have found it and `ttl` what it asks for, both in
    seconds; `full_at` is when it was last asked without conditions.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    seen: tuple[str, ...] = ()
    interval: float | None = None
    ttl: float | None = None
    failures: int = 0
    last_reason: str = ""
    first_ok_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_polled_at: datetime | None = None
    next_due_at: datetime | None = None
    newest_entry_at: datetime | None = None
    full_at: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "FeedState":
        """From what `to_dict` gave; what another version knew besides is left out."""
        known = {field.name for field in fields(cls)} & set(data)
        return cls(**{name: _read(name, data[name]) for name in known})


def is_due(state: FeedState | None, now: datetime) -> bool:
    """Whether a feed may be polled: never polled, or its time has come."""
    return state is None or state.next_due_at is None or state.next_due_at <= now


def conditions(state: FeedState, now: datetime, full_every: timedelta) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110, 13.1); none where a full poll is due.

    A value that is not printable ASCII cannot be sent back, so it makes no condition.
    """
    if state.full_at is None or now - state.full_at >= full_every:
        return {}
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in asked.items() if value and _sendable(value)}


def _sendable(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    if name in _TIMES:
        return None if value is None else datetime.fromisoformat(value)
    return tuple(value) if name == "seen" else value

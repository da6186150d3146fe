"""The one place that asks the machine for the time."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)

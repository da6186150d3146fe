"""The instants at which anything may change: five a day, for ten days."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, tzinfo=UTC)
END = datetime(2026, 3, 12, tzinfo=UTC)
HOURS = (0, 6, 10, 14, 18)
SLOTS: tuple[datetime, ...] = (
    *(START + timedelta(days=day, hours=hour) for day in range(10) for hour in HOURS),
    END,
)


def moment(text: str) -> datetime:
    """`03-04 08:25` as a time of 2026 in UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def slot_at(time: datetime) -> datetime:
    """The last slot at or before `time`; the first one for anything earlier."""
    return SLOTS[max(bisect_right(SLOTS, time) - 1, 0)]


def slot_from(time: datetime) -> datetime:
    """The first slot not before `time`: when what happened then can be read."""
    return SLOTS[min(bisect_left(SLOTS, time), len(SLOTS) - 1)]

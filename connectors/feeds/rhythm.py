"""When a feed is polled next. Pure: the time comes in, and so does chance, as the feed's name."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.feeds.config import Rhythm
from connectors.web import http_date

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})")
_FASTER, _SLOWER = 0.5, 1.5
_FIRST_BACKOFF = timedelta(minutes=10)
_SPREAD = 0.2
_GONE, _NOT_FOUND = 410, 404
_NOT_FOUND_MEANS_GONE = 3
_RARELY = timedelta(hours=24)


def own_interval(interval: float | None, news: bool, rhythm: Rhythm) -> float:
    """Seconds between polls: halved where the feed had news, half as much again where it had none.

    So a feed is polled about twice as often as it publishes, within the bounds.
    """
    low, high = rhythm.min_interval.total_seconds(), rhythm.max_interval.total_seconds()
    wanted = (interval or 2 * low) * (_FASTER if news else _SLOWER)
    return min(max(wanted, low), high)


def after_success(
    now: datetime,
    interval: float,
    headers: Mapping[str, str],
    ttl: float | None,
    rhythm: Rhythm,
) -> datetime:
    """Not before the feed's own rhythm, its TTL and the answer's freshness; but before the bound.

    Freshness is max-age, else Expires (RFC 9111, 4.2.1).
    """
    wait = timedelta(seconds=max(interval, ttl or 0.0, _freshness(headers, now)))
    return now + min(max(wait, rhythm.min_interval), rhythm.max_interval)


def after_failure(
    name: str,
    failures: int,
    status: int | None,
    wait: timedelta | None,
    now: datetime,
    rhythm: Rhythm,
) -> datetime:
    """Twice as long after each failure, a little earlier or later by feed, within the bounds.

    `wait` is what Retry-After asks. A feed that is gone is asked once a day, never given up.
    """
    gone = _is_gone(status, failures)
    bound = _RARELY if gone else rhythm.max_backoff
    backoff = _RARELY if gone else _FIRST_BACKOFF * 2 ** min(failures - 1, 16)
    spread = 1 + _SPREAD * (2 * _chance(name, failures) - 1)
    bounded = max(rhythm.min_interval, min(backoff * spread, bound))
    return now + max(bounded, wait or timedelta(0))


def _is_gone(status: int | None, failures: int) -> bool:
    """410 says so; 404 may be a slip of the publisher, until it comes late in a row of failures."""
    return status == _GONE or (status == _NOT_FOUND and failures >= _NOT_FOUND_MEANS_GONE)


def _freshness(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds for which the answer calls itself fresh."""
    match = _MAX_AGE.search(headers.get("cache-control", "").lower())
    if match:
        return float(match[1])
    expires = http_date(headers.get("expires", ""))
    return (expires - now).total_seconds() if expires is not None else 0.0


def _chance(name: str, failures: int) -> float:
    """From 0 to 1, the same again for the same feed and count, so that a re-run acts alike."""
    return hashlib.sha256(f"{name}\n{failures}".encode()).digest()[0] / 255

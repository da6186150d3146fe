"""Dates of entries: only what can be trusted.

feedparser reads `2016/6/29 15:07` as November and 1757 as a year of the epoch; so RFC 822 and
ISO 8601 are read first, feedparser's reading counts only for dates with a month in letters, and
nothing outside a sane range counts at all.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.web import http_date

OLDEST = timedelta(days=3653)
NEWEST = timedelta(days=1)  # local times that call themselves GMT are up to 14 hours ahead
_FIELDS = ("published", "updated", "created")
_COLON = re.compile(r"\s*(?:GMT|UTC|Z)?([+-]\d\d):(\d\d)$")
# A zone that RFC 822 does not have, or PM: the hours would be wrong.
_UNKNOWN = re.compile(r"\d\s+(?!(?:UTC?|GMT|Z|[ECMP][SD]T)$)[A-Za-z.]{1,5}$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?")


def published(entry: Mapping[str, Any], now: datetime) -> tuple[datetime | None, str | None]:
    """When the entry says it was published, and the field that says so; (None, None) if unsure."""
    for name in _FIELDS:
        if name not in entry:  # feedparser lends a missing field the value of another
            continue
        moment = _moment(entry.get(name), entry.get(f"{name}_parsed"))
        if moment is not None and now - OLDEST <= moment <= now + NEWEST:
            return moment, name
    return None, None


def _moment(text: Any, parsed: Any) -> datetime | None:
    if not isinstance(text, str) or not text.strip():
        return None
    text = text.strip()
    if _ISO.fullmatch(text):
        return _iso(text)
    text = _COLON.sub(r" \1\2", text)
    if _UNKNOWN.search(text):
        return None
    return http_date(text) or (_struct(parsed) if re.search(r"[^\W\d_]{3}", text) else None)


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _struct(parsed: Any) -> datetime | None:
    """feedparser's nine-tuple in UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None

"""What a server answered, and when it wants to be asked again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class WebResponse:
    """An answer of any status. `url` is the one that answered, after all redirects.

    Header names are in lower case; `body` is decoded as Content-Encoding says, and empty where the
    status is not 2xx.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def retry_after(
    headers: Mapping[str, str], now: datetime, cap: timedelta = timedelta(days=1)
) -> timedelta | None:
    """How long Retry-After asks to wait, as seconds or as a date (RFC 9110, 10.2.3).

    Between nothing and `cap`, since some servers name a day in another year; None without a
    header that can be read.
    """
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), cap)
    moment = http_date(value)
    if moment is None:
        return None
    return min(max(moment - now, timedelta(0)), cap)


def http_date(value: str) -> datetime | None:
    """A date of a header in UTC; None if it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

"""Dates that can be trusted, and those that cannot."""

from datetime import UTC, datetime

import pytest

from connectors.feeds.dates import published
from connectors.feeds.parse import parse
from tests.connectors.feeds.conftest import FEED, NOW, item, rss


def dated(text: str) -> datetime | None:
    body = rss([item(1, more=f"<pubDate>{text}</pubDate>")])
    (entry,) = parse(FEED, body, FEED.url, "", NOW, 10).entries
    assert (entry.published_at is None) == (entry.published_from is None)
    return entry.published_at


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 04 Mar 2026 08:25:00 GMT",
        "Wed, 04 Mar 2026 03:25:00 -0500",
        "2026-03-04T08:25:00Z",
        "2026-03-04T10:25:00+02:00",
        "2026-03-04 08:25",
        "Wed, 04 Mar 2026 11:25:00 +03:00",  # email.utils drops a zone with a colon
        "Wed, 04 Mar 2026 11:25:00 GMT+03:00",
        "Wed, 04 Mar 2026 03:25:00 EST",
    ],
)
def test_rfc_822_and_iso_8601_are_read_in_utc(text: str) -> None:
    assert dated(text) == datetime(2026, 3, 4, 8, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2016/6/29 15:07",  # feedparser: November
        "Fri, 04 Mar 1757 08:25:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sat, 04 Mar 2056 08:25:00 GMT",
        "03/04/2026",
        "yesterday",
        "Wed, 04 Mar 2026 11:25:00 MSK",  # no zone of RFC 822: taken for UTC it is hours wrong
        "Wed, 04 Mar 2026 08:25:00 PM",
        "99999999999999999999",
        "",
    ],
)
def test_what_cannot_be_trusted_is_no_date(text: str) -> None:
    assert dated(text) is None


def test_the_second_best_field_serves_where_the_first_is_wrong() -> None:
    entry = {"published": "Fri, 04 Mar 1757 08:25:00 GMT", "updated": "2026-03-04T08:25:00Z"}
    assert published(entry, NOW) == (datetime(2026, 3, 4, 8, 25, tzinfo=UTC), "updated")


def test_a_local_time_that_calls_itself_gmt_is_let_pass() -> None:
    assert dated("Thu, 05 Mar 2026 02:00:00 GMT") == datetime(2026, 3, 5, 2, tzinfo=UTC)

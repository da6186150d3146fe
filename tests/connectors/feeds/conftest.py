"""Feeds written by hand, and a state machine's worth of answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.feeds import Feed
from connectors.web import WebResponse

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
FEED = Feed(
    name="echo",
    url="https://echo.example/rss",
    publisher="echo",
    family="valley",
    kind="newspaper",
)


def item(number: int, *, title: str = "", guid: str | None = "", more: str = "") -> str:
    """One RSS item. `guid=None` leaves it out."""
    tag = "" if guid is None else f"<guid isPermaLink='false'>{guid or f'id-{number}'}</guid>"
    return (
        f"<item><title>{title or f'Report {number}'}</title>"
        f"<link>https://echo.example/{number}</link>{tag}"
        f"<description>Summary {number}</description>{more}</item>"
    )


def rss(items: Sequence[str], head: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>Echo</title><language>en-GB</language>{head}{''.join(items)}</channel></rss>"
    ).encode()


def answer(body: bytes = b"", status: int = 200, **headers: str) -> WebResponse:
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return WebResponse(FEED.url, status, {"content-type": "application/rss+xml", **named}, body)

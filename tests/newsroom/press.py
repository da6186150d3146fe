"""`respond(time, host, path, headers)`: the whole press as one pure function."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache

from tests.newsroom.feedxml import Listing, render
from tests.newsroom.load import coverage
from tests.newsroom.model import Article, Fault, Feed, Publisher, Version
from tests.newsroom.pages import article_page, front_page, notice
from tests.newsroom.schedule import Item, cut_at, fault_at, listed, version_at
from tests.newsroom.slots import slot_at, slot_from

_RETRY_AFTER = timedelta(minutes=30)
_XML = "application/xml; charset=utf-8"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Response:
    """`delay` is how many real seconds a server should wait before it answers.

    A Content-Length among the headers that is larger than the body means a broken connection.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0


def respond(time: datetime, host: str, path: str, headers: Mapping[str, str]) -> Response:
    """What the house at `host` (with its port) answers at the simulated `time`."""
    publisher = _publishers().get(host.partition(":")[0])
    if publisher is None:
        return _page(404, notice("Unknown host"))
    slot, plain = slot_at(time), path.partition("?")[0]
    if plain == "/robots.txt":
        return _robots(publisher)
    base = f"http://{host}"
    for feed in coverage().feeds:
        if feed.publisher == publisher.id and plain == feed.moved_from:
            return Response(301, {"Location": base + feed.path})
        if feed.publisher == publisher.id and plain == feed.path:
            asked = {name.lower(): value for name, value in headers.items()}
            return _feed(Listing(feed, publisher, base, slot, _renumbered(feed, slot)), asked)
    return _site(publisher, base, plain, slot)


@cache
def _publishers() -> dict[str, Publisher]:
    return {publisher.host: publisher for publisher in coverage().publishers.values()}


def _page(status: int, html: str, delay: float = 0.0) -> Response:
    return Response(status, {"Content-Type": _HTML}, html.encode(), delay)


def _robots(publisher: Publisher) -> Response:
    rules = "Disallow: /" if publisher.robots == "closed" else "Disallow: /search"
    return Response(200, {"Content-Type": "text/plain"}, f"User-agent: *\n{rules}\n".encode())


def _renumbered(feed: Feed, slot: datetime) -> bool:
    fault = fault_at(feed, slot)
    return fault is not None and fault.kind == "new guids"


def _feed(listing: Listing, asked: Mapping[str, str]) -> Response:
    fault = fault_at(listing.feed, listing.slot)
    if fault and (answer := _failure(fault, listing.slot)):
        return answer
    items = listed(coverage(), listing.feed, listing.slot)
    if fault and fault.kind == "empty":
        items = ()
    body = render(listing, items).whole.encode()
    if fault and fault.kind == "short":
        length = {"Content-Type": _XML, "Content-Length": str(len(body))}
        return Response(200, length, body[: len(body) // 2])
    if fault and fault.kind == "truncated":
        cut = render(listing, items).cut(cut_at(len(items)))
        return Response(200, {"Content-Type": _XML}, cut.encode())
    return _conditional(listing, items, body, asked)


def _failure(fault: Fault, slot: datetime) -> Response | None:
    match fault.kind:
        case "error":
            return _page(500, notice("Internal Server Error"))
        case "gone":
            return _page(410, notice("Gone"))
        case "html":
            return _page(200, notice("We are down for maintenance and will be back soon."))
        case "busy seconds":
            return Response(429, {"Retry-After": str(int(_RETRY_AFTER.total_seconds()))})
        case "busy date":
            return Response(429, {"Retry-After": format_datetime(slot + _RETRY_AFTER, usegmt=True)})
        case _:
            return None


def _conditional(
    listing: Listing, items: tuple[Item, ...], body: bytes, asked: Mapping[str, str]
) -> Response:
    """200, or 304 by the entity tag, or else by the date (RFC 9110, 13.2.2)."""
    headers = {"Content-Type": _XML}
    if listing.feed.etag == "none":
        return Response(200, headers, body)
    tag = _entity_tag(listing, body)
    modified = max((item.version.at for item in items), default=listing.slot)
    headers["ETag"] = tag
    if listing.feed.etag == "honest":
        headers["Last-Modified"] = format_datetime(slot_from(modified), usegmt=True)
    if "if-none-match" in asked:
        unchanged = tag in asked["if-none-match"]
    else:
        unchanged = _not_since(asked.get("if-modified-since"), headers.get("Last-Modified"))
    return Response(304, headers) if unchanged else Response(200, headers, body)


def _entity_tag(listing: Listing, body: bytes) -> str:
    """Honest tags follow the body; a restless one the hour, a stuck one only the day."""
    match listing.feed.etag:
        case "restless":
            seed = f"{listing.slot:%m%d%H}".encode()
        case "stuck":
            seed = f"{listing.slot:%m%d}".encode()
        case _:
            seed = body
    return f'"{hashlib.sha256(seed).hexdigest()[:16]}"'


def _not_since(asked: str | None, modified: str | None) -> bool:
    if not asked or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(asked)
    except ValueError:
        return False


def _site(publisher: Publisher, base: str, path: str, slot: datetime) -> Response:
    own = [item for item in coverage().articles.values() if item.publisher == publisher.id]
    out = [(article, version) for article in own if (version := version_at(article, slot))]
    if path == "/":
        return _page(200, front_page(publisher, sorted(out, key=_newest_first)))
    for article, version in out:
        if path == f"/r/{article.id}":
            return Response(302, {"Location": base + article.path})
        if path == article.path:
            return _article(publisher, base, article, version, [other for other, _ in out])
    return _page(404, notice("Page not found"))


def _newest_first(item: tuple[Article, object]) -> float:
    return -item[0].published.timestamp()


def _article(
    publisher: Publisher, base: str, article: Article, version: Version, out: list[Article]
) -> Response:
    if article.page == "missing":
        return _page(404, notice("Page not found"))
    if article.page == "broken":
        return _page(500, notice("Internal Server Error"))
    others = [other for other in out if other.event != article.event or other.event is None][:4]
    html = article_page(publisher, base, article, version, others)
    return _page(200, html, delay=0.15 if article.page == "slow" else 0.0)

"""Feeds as XML: RSS 2.0, Atom and RSS 1.0, item by item so that they can be cut off anywhere."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from tests.newsroom.model import Feed, Publisher
from tests.newsroom.schedule import Item

# The one that a parser was seen to read as November, and the epoch of another calendar.
_BAD_DATES = {
    "slashes": "2016/6/29 15:07",
    "year 1757": "Fri, 04 Mar 1757 08:25:00 GMT",
    "future": "Sat, 04 Mar 2056 08:25:00 GMT",
    "none": "",
}
_EASTERN = timezone(timedelta(hours=-5))


@dataclass(frozen=True, slots=True)
class Listing:
    """One feed at one slot. `base` is the publisher's address without a slash at the end."""

    feed: Feed
    publisher: Publisher
    base: str
    slot: datetime
    new_guids: bool


@dataclass(frozen=True, slots=True)
class Parts:
    head: str
    items: tuple[str, ...]
    tail: str

    @property
    def whole(self) -> str:
        return self.head + "".join(self.items) + self.tail

    def cut(self, whole_items: int) -> str:
        """The body as it arrives when the connection breaks in the middle of an item."""
        broken = self.items[whole_items]
        return self.head + "".join(self.items[:whole_items]) + broken[: len(broken) * 2 // 3]


def render(listing: Listing, items: Sequence[Item]) -> Parts:
    head, item, tail = _FORMATS[listing.feed.format]
    written = tuple(item(listing, entry, place) for place, entry in enumerate(items, 1))
    return Parts(head(listing, items), written, tail)


def link_of(listing: Listing, item: Item) -> str:
    """The link as the feed gives it: plain, with tracking parameters, or through a redirect."""
    article, feed = item.article, listing.feed
    if feed.links == "redirect":
        return f"{listing.base}/r/{article.id}"
    link = f"{listing.base}{article.path}"
    if feed.links == "tracking":
        return f"{link}?utm_source=rss&utm_medium=feed&utm_campaign={listing.slot:%m%d%H}"
    return link


def _guid(listing: Listing, item: Item, place: int) -> str:
    if listing.feed.guid == "unstable":
        return f"item-{place}"
    number = int(hashlib.sha256(item.article.id.encode()).hexdigest()[:8], 16)
    if listing.new_guids:
        return f"urn:cms2:{listing.publisher.id}:{number}"
    return f"tag:{listing.publisher.id}.example,2026:{number}"


def _rfc822(item: Item, time: datetime) -> str:
    bad = item.article.bad_date
    return _BAD_DATES[bad] if bad else format_datetime(time, usegmt=True)


def _rfc3339(item: Item, time: datetime) -> str:
    bad = item.article.bad_date
    return _BAD_DATES[bad] if bad else time.astimezone(_EASTERN).isoformat()


def _html(item: Item) -> str:
    return "".join(
        f"<p>{escape(' '.join(sentence.text for sentence in paragraph))}</p>"
        for paragraph in item.version.paragraphs
    )


def _summary(item: Item) -> str:
    return item.version.lead if item.article.summary else ""


def _tag(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>\n" if text else ""


def _rss2_head(listing: Listing, items: Sequence[Item]) -> str:
    del items
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        + _tag("title", listing.publisher.name)
        + _tag("link", listing.base + "/")
        + _tag("description", f"News from {listing.publisher.name}")
        + _tag("language", listing.publisher.language)
        + _tag("ttl", "60")
    )


def _rss2_item(listing: Listing, item: Item, place: int) -> str:
    full = listing.feed.content == "full"
    return (
        "<item>\n"
        + _tag("title", item.version.title)
        + _tag("link", link_of(listing, item))
        + _tag("guid", _guid(listing, item, place), ' isPermaLink="false"')
        + _tag("pubDate", _rfc822(item, item.article.published))
        + _tag("description", _summary(item))
        + (f"<content:encoded><![CDATA[{_html(item)}]]></content:encoded>\n" if full else "")
        + "</item>\n"
    )


def _atom_head(listing: Listing, items: Sequence[Item]) -> str:
    updated = max((item.version.at for item in items), default=listing.slot)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="{listing.publisher.language}">\n'
        + _tag("title", listing.publisher.name)
        + _tag("id", f"tag:{listing.publisher.id}.example,2026:feed")
        + f"<link href={quoteattr(listing.base + '/')}/>\n"
        + _tag("updated", updated.isoformat())
    )


def _atom_item(listing: Listing, item: Item, place: int) -> str:
    full = listing.feed.content == "full"
    return (
        "<entry>\n"
        + _tag("title", item.version.title)
        + f'<link rel="alternate" href={quoteattr(link_of(listing, item))}/>\n'
        + _tag("id", _guid(listing, item, place))
        + _tag("published", _rfc3339(item, item.article.published))
        + _tag("updated", _rfc3339(item, item.version.at))
        + _tag("summary", _summary(item))
        + (_tag("content", _html(item), ' type="html"') if full else "")
        + "</entry>\n"
    )


def _rss1_head(listing: Listing, items: Sequence[Item]) -> str:
    listed = "".join(
        f"<rdf:li rdf:resource={quoteattr(link_of(listing, item))}/>" for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel rdf:about={quoteattr(listing.base + listing.feed.path)}>\n"
        + _tag("title", listing.publisher.name)
        + _tag("link", listing.base + "/")
        + _tag("description", f"News from {listing.publisher.name}")
        + f"<items><rdf:Seq>{listed}</rdf:Seq></items>\n</channel>\n"
    )


def _rss1_item(listing: Listing, item: Item, place: int) -> str:
    del place
    link = link_of(listing, item)
    return (
        f"<item rdf:about={quoteattr(link)}>\n"
        + _tag("title", item.version.title)
        + _tag("link", link)
        + _tag("dc:date", _rfc3339(item, item.article.published))
        + _tag("description", _summary(item))
        + "</item>\n"
    )


_Head = Callable[[Listing, Sequence[Item]], str]
_Entry = Callable[[Listing, Item, int], str]
_FORMATS: dict[str, tuple[_Head, _Entry, str]] = {
    "rss2": (_rss2_head, _rss2_item, "</channel>\n</rss>\n"),
    "atom": (_atom_head, _atom_item, "</feed>\n"),
    "rss1": (_rss1_head, _rss1_item, "</rdf:RDF>\n"),
}

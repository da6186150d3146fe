"""A body as entries. feedparser reads; what it lets pass or gets wrong is dealt with here."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

import feedparser
from feedparser.namespaces import mediarss

from connectors.feeds.config import Feed
from connectors.feeds.dates import published
from connectors.feeds.entry import Entry
from connectors.feeds.outcome import Problem
from connectors.feeds.text import line, plain

MAX_PAYLOAD: Final = 4000
MAX_TEXT: Final = 1_000_000  # characters of a title or text; one book has as many
_UTF16 = b"\0"  # of its first characters every other byte
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_OPENS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSES = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


class NotAFeed(Exception):
    """The answer holds nothing to read: `reason` is `not_a_feed`, `no_entries` or `unparsable`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a body yields. `whole` is False where it broke off; `ttl` is asked for, in seconds."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    whole: bool
    ttl: float | None


def parse(
    feed: Feed, body: bytes, url: str, content_type: str, now: datetime, max_entries: int
) -> Parsed:
    """Read a feed of whatever format. `url` resolves relative links.

    Raises:
        NotAFeed: see there. `bozo` alone is no reason: most feeds that break a rule can be read.
    """
    parsed = _parsed(body, url, content_type)
    if not parsed.get("version"):
        raise NotAFeed("not_a_feed", str(parsed.get("bozo_exception", "no known format"))[:500])
    listed, problems = list(parsed.entries), list[Problem]()
    if not listed:
        raise NotAFeed("no_entries", f"{parsed.version} without an entry")
    markup = _CDATA.sub(b"", body.replace(b"\0", b""))
    whole = not _broken_off(markup)
    if not whole and _ends_inside_entry(markup):
        listed.pop()
        problems.append(_problem("truncated", "breaks off inside its last entry", body[-1000:]))
    if len(listed) > max_entries:
        dropped = listed[max_entries:]
        detail = f"{len(listed)} entries, {max_entries} are read"
        problems.append(_problem("too_many_entries", detail, repr([_id(e) for e in dropped])))
        listed = listed[:max_entries]
    language = _language(parsed.feed.get("language"))
    entries = []
    for raw in listed:
        entry = _entry(feed, raw, language, now)
        if entry.title or entry.summary or entry.content:
            entries.append(entry)
        else:
            problems.append(_problem("empty_entry", "neither title nor text", repr(dict(raw))))
    return Parsed(tuple(entries), tuple(problems), whole, _ttl(parsed.feed))


def _parsed(body: bytes, url: str, content_type: str) -> Any:
    """A stream, never a string: feedparser would take one for an address and open it."""
    body = _mended(body)
    headers = {"content-location": url, "content-type": content_type}
    try:
        return feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception as error:  # its loose parser raises many kinds on odd bytes
        raise NotAFeed("unparsable", f"{type(error).__name__}: {error}"[:500]) from error


def _mended(body: bytes) -> bytes:
    """UTF-8 in which a character was cut in two, with a U+FFFD there.

    feedparser would read the whole feed as Windows-1252, where each accent and quotation mark is
    three odd letters, and every entry another revision.
    """
    try:
        body.decode("utf-8")
        return body
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    right = sum(1 for character in text if character > "\x7f") - broken
    return text.encode() if right > broken and _UTF16 not in body[:4] else body


def _caption_begins(parser: Any, attributes: Any) -> None:
    parser.push("media_description", 1)


def _caption_ends(parser: Any) -> None:
    parser.pop("media_description")


# feedparser takes the caption of a picture for the description of its entry, and the description,
# where there is one, for its content (kurtmckee/feedparser, namespaces/mediarss.py).
mediarss.Namespace._start_media_description = _caption_begins
mediarss.Namespace._end_media_description = _caption_ends


def _broken_off(markup: bytes) -> bool:
    """Whether no closing tag follows the last entry; RDF closes its channel before the first."""
    tags = chain(_OPENS.finditer(markup), _CLOSES.finditer(markup))
    return _CLOSED.search(markup, max((tag.end() for tag in tags), default=0)) is None


def _ends_inside_entry(markup: bytes) -> bool:
    return sum(1 for _ in _OPENS.finditer(markup)) > sum(1 for _ in _CLOSES.finditer(markup))


def _entry(feed: Feed, raw: Mapping[str, Any], language: str | None, now: datetime) -> Entry:
    moment, origin = published(raw, now)
    return Entry(
        feed=feed.name,
        publisher=feed.publisher,
        family=feed.family,
        kind=feed.kind,
        guid=None if feed.guid == "unstable" else _id(raw),
        url=_url(raw),
        title=line(_text(raw.get("title")))[:MAX_TEXT],
        summary=plain(_text(raw.get("summary")))[:MAX_TEXT],
        content=max((plain(value) for value in _contents(raw)), key=len, default="")[:MAX_TEXT],
        language=_language(_detail_language(raw)) or language,
        published_at=moment,
        published_from=origin,
    )


def _id(raw: Mapping[str, Any]) -> str | None:
    return _text(raw.get("id")).strip() or None


def _url(raw: Mapping[str, Any]) -> str | None:
    """The publisher's own link where a distributor put its redirect in front."""
    for name in ("feedburner_origlink", "link"):
        value = _text(raw.get(name)).strip()
        if value.lower().startswith(("http://", "https://")):
            return value
    return None


def _contents(raw: Mapping[str, Any]) -> Iterator[str]:
    for item in raw.get("content") or ():
        yield _text(item.get("value"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _detail_language(raw: Mapping[str, Any]) -> Any:
    detail = raw.get("title_detail")
    return detail.get("language") if isinstance(detail, Mapping) else None


def _language(value: Any) -> str | None:
    match = _LANGUAGE.fullmatch(_text(value).strip().lower())
    return match[1] if match else None


def _ttl(feed: Mapping[str, Any]) -> float | None:
    """RSS `ttl` in minutes, or the syndication module's period and frequency; as seconds."""
    ttl = _text(feed.get("ttl")).strip()
    if ttl.isascii() and ttl.isdigit():
        return 60.0 * int(ttl[:6])
    period = _PERIODS.get(_text(feed.get("sy_updateperiod")).strip().lower())
    frequency = _text(feed.get("sy_updatefrequency")).strip() or "1"
    if period is None or not (frequency.isascii() and frequency.isdigit()):
        return None
    return 3600.0 * period / max(int(frequency[:6]), 1)


def _problem(reason: str, detail: str, payload: bytes | str) -> Problem:
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else payload
    return Problem(reason, detail, text[:MAX_PAYLOAD])

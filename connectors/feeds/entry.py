"""An entry of a feed, what identifies it, and which revision of it this is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag, urlsplit

from courlan import normalize_url


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its feed shows it, in plain text. `published_at` is sane and in UTC, or None.

    `guid` is None where there is none, or where the feed is known to reuse or change it.
    """

    feed: str
    publisher: str
    family: str
    kind: str
    guid: str | None
    url: str | None
    title: str
    summary: str
    content: str
    language: str | None
    published_at: datetime | None
    published_from: str | None


def identity_keys(entry: Entry) -> list[str]:
    """What an article is known by, the surest first: guid, canonical URL, else title.

    Titles recur ("Morning briefing"), so that one counts only where there is nothing better.
    """
    keys = []
    if entry.guid is not None:
        keys.append(f"guid:{entry.publisher}:{entry.guid}")
    if entry.url is not None:
        keys.append(url_key(entry.publisher, entry.url))
    return keys or [f"title:{entry.publisher}:{_digest(_folded(entry.title))}"]


def url_key(publisher: str, url: str) -> str:
    """The key of a URL: without scheme, `www.`, fragment, tracking parameters and final slash."""
    try:
        parts = urlsplit(str(normalize_url(urldefrag(url).url)))
        host = (parts.netloc.rpartition("@")[2]).lower().removeprefix("www.")
        query = f"?{parts.query}" if parts.query else ""
        return f"url:{publisher}:{host}{parts.path.rstrip('/')}{query}"
    except ValueError:  # what cannot be taken apart still identifies
        return f"url:{publisher}:{url}"


def revision(entry: Entry) -> str:
    """A hash of what the feed shows; markup, spaces and links do not count. 12 hex digits."""
    shown = (entry.title, entry.summary, entry.content)
    return _digest("\x1f".join(" ".join(part.split()) for part in shown))[:12]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

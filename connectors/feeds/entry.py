"""An entry of a feed, what identifies it, and which revision of it this is."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url

# Parameters that tell where a reader came from; any other may say which article it is. Feeds write
# `&amp;` where `&` is meant.
_TRACKS = re.compile(
    r"(?:amp(?:;|%3b))?(?:(?:utm|at|ns|pk|mtm)_\w*|traffic_source|maca|cmp|cmpid|xtor|ftag|emc|partner|smid|smtyp|"
    r"ocid|ncid|fbclid|gclid|dclid|yclid|msclkid|igshid|mc_cid|mc_eid|wt[._]\w+)(?:=|$)",
    re.IGNORECASE,
)


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
    if entry.url is not None and (key := url_key(entry.publisher, entry.url)) is not None:
        keys.append(key)
    return keys or [f"title:{entry.publisher}:{_digest(_folded(entry.title))}"]


def url_key(publisher: str, url: str) -> str | None:
    """The key of a URL: without scheme, `www.`, fragment, tracking parameters and final slash.

    None for a front page: as the link of an entry it is that of all its site's articles.
    """
    try:
        parts = urlsplit(canonicalize_url(url))
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:  # what cannot be taken apart still identifies
        return f"url:{publisher}:{url}"
    path = parts.path.rstrip("/")
    query = "&".join(one for one in parts.query.split("&") if one and not _TRACKS.match(one))
    if not path and not query:
        return None
    return f"url:{publisher}:{host}{port}{path}{'?' if query else ''}{query}"


def revision(entry: Entry) -> str:
    """A hash of what the feed shows; markup, spaces and links do not count. 12 hex digits."""
    shown = (entry.title, entry.summary, entry.content)
    return _digest("\x1f".join(" ".join(part.split()) for part in shown))[:12]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

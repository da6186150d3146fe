"""What a page says of itself: canonical URL, title, date, language."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

_MAX_URL = 2000
_ONE_SITE = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "dc.date.issued",
)
_LD_DEPTH = 4


def canonical_url(tree: HtmlElement, url: str) -> str | None:
    """`link rel=canonical` (RFC 6596), else `og:url`: the first that is believable.

    Templates put the home page, another site or nonsense there; whoever believed it would take
    all articles of a publisher for one.
    """
    links = tree.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    for value in (*links, *_meta(tree, "og:url")):
        found = _believable(str(value), url)
        if found is not None:
            return found
    return None


def _believable(value: str, url: str) -> str | None:
    try:
        found = urldefrag(urljoin(url, value.strip())).url
        parts, page = urlsplit(found), urlsplit(url)
        sane = parts.scheme in ("http", "https") and parts.port == page.port
    except ValueError:
        return None
    if not sane or len(found) > _MAX_URL or not parts.path.strip("/"):
        return None
    return found if _same_site(parts.hostname or "", page.hostname or "") else None


def _same_site(one: str, other: str) -> bool:
    one, other = _ONE_SITE.sub("", one), _ONE_SITE.sub("", other)
    shorter, longer = sorted((one, other), key=len)
    return one == other or ("." in shorter and longer.endswith(f".{shorter}"))


def title(tree: HtmlElement) -> str | None:
    """`og:title`, which carries no site name, else the one first heading, else `<title>`."""
    headings = tree.xpath("//h1")
    elements = [*(headings if len(headings) == 1 else []), *tree.xpath("//head/title")]
    for value in (*_meta(tree, "og:title"), *(element.text_content() for element in elements)):
        plain = " ".join(str(value).split())
        if plain:
            return plain
    return None


def language(tree: HtmlElement) -> str | None:
    """The primary subtag of `<html lang>` or of `og:locale`, in small letters."""
    for value in (*tree.xpath("/html/@lang"), *_meta(tree, "og:locale")):
        match = _LANGUAGE.fullmatch(str(value).strip().lower())
        if match:
            return match[1]
    return None


def published_at(tree: HtmlElement) -> datetime | None:
    """From meta elements or JSON-LD; a time without a zone is no time that one could compare."""
    stated = [value for name in _DATES for value in _meta(tree, name)]
    stated += [str(item.get("datePublished")) for item in linked_data(tree) if _is_article(item)]
    return next((moment for value in stated if (moment := _moment(value)) is not None), None)


def _is_article(item: dict[str, Any]) -> bool:
    """The site and its pages have dates too, of when the site was made."""
    return bool(re.search("Article|Posting|Report", str(item.get("@type"))))


def walled(tree: HtmlElement) -> bool:
    """Whether the page says that its article is not free, or shows a wall where the text ends.

    https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
    """
    for item in linked_data(tree):
        if str(item.get("isAccessibleForFree", "")).lower() == "false":
            return True
    return bool(tree.xpath("//body//*[contains(@class, 'paywall') or contains(@id, 'paywall')]"))


def linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """All JSON-LD objects of the page, nested ones too, a few levels deep."""
    found = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        found += list(_objects(data, _LD_DEPTH))
    return found


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(data, dict):
        yield data
        for value in data.values():
            yield from _objects(value, depth - 1)
    elif depth and isinstance(data, list):
        for value in data:
            yield from _objects(value, depth - 1)


def _meta(tree: HtmlElement, name: str) -> list[str]:
    lower = "translate(@{}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
    keys = " or ".join(f"{lower.format(key)} = $name" for key in ("property", "name", "itemprop"))
    return [str(value) for value in tree.xpath(f"//meta[{keys}]/@content", name=name)]


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None

"""What a page says of itself: canonical URL, title, whether it is free."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

_MAX_URL = 2000
_ONE_SITE = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.")
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

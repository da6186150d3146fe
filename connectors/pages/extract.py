"""The article out of a page: pure, bounded in time, no network."""

import re

import trafilatura
from lxml.html import HtmlElement
from w3lib.encoding import html_to_unicode

from connectors.pages import head
from connectors.pages.page import ExtractionError, Page

MIN_TEXT = 100
MIN_WALLED_TEXT = 1000
MAX_NODES_FULL = 20_000
MAX_NODES = 60_000

# What dialogs and walls say, in phrases: parties sign in Doha, and reports tell of subscribers.
_WALL = re.compile(
    r"""
    ^[^\w\n]*(?:sign|log)[ ]in[^\w\n]*$
    | \b(?:sign|log)[ ]in[ ](?:to|with|or[ ](?:register|sign|subscribe|create|join))\b
    | \b(?:register|subscribe)[ ](?:now|today|for[ ]free|to[ ](?:read|continue|unlock|view))\b
    | \bcreate[ ](?:an|a[ ]free)[ ]account\b
    | \balready[ ]a[ ]subscriber\b  |  \bsubscribers?[ -]only\b
    | \b(?:exclusive|only|available|reserved)[ ](?:to|for)[ ](?:our[ ])?subscribers\b
    | \bto[ ](?:continue|keep)[ ]reading\b
    | \b(?:uses?|accept|accept[ ]all|enable|allow)[ ]cookies\b
    | \b(?:enable|turn[ ]on|requires)[ ]javascript\b  |  \bjavascript[ ]is[ ]disabled\b
    | \b(?:your|using[ ]an)[ ]ad[ -]?blocker\b
    | \bare[ ]you[ ]a[ ]robot\b  |  \byou[ ]are[ ]not[ ]a[ ]robot\b
    | \b(?:complete|solve)[ ]the[ ]captcha\b
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def extract(html: bytes | str, url: str, content_type: str | None = None) -> Page:
    """Read the article of a page.

    `content_type` is the header that came with the bytes; the encoding is that of a byte order
    mark, then the header's, the page's own, UTF-8, Windows-1252 (as browsers do, WHATWG Encoding).

    Raises:
        ExtractionError: `unreadable`, no HTML; `too_complex`, more nodes than can be read in a few
            seconds; `too_short`, hardly a text: a video, a dialog, the stub before a wall.
    """
    tree = _parse(html, content_type)
    nodes = sum(1 for _ in tree.iter())
    if nodes > MAX_NODES:
        raise ExtractionError("too_complex", f"{nodes} nodes, at most {MAX_NODES} are read")
    canonical, title, walled = head.canonical_url(tree, url), head.title(tree), head.walled(tree)
    text = _without_title(_text(tree, fast=nodes > MAX_NODES_FULL), title)
    _check_length(text, walled or _WALL.search(text) is not None)
    return Page(url, canonical, text, title)


def _check_length(text: str, walled: bool) -> None:
    """A short report is complete; a short text that asks to log in is what stands before one."""
    least = MIN_WALLED_TEXT if walled else MIN_TEXT
    if len(text) < least:
        kind = "before a wall" if walled else "on the page"
        raise ExtractionError("too_short", f"{len(text)} characters {kind}, {least} are needed")


def _parse(html: bytes | str, content_type: str | None) -> HtmlElement:
    if isinstance(html, bytes):
        _, html = html_to_unicode(
            content_type, html, auto_detect_fun=_utf8_if_valid, default_encoding="cp1252"
        )
    try:
        tree = trafilatura.load_html(_UNPRINTABLE.sub("", html))
    except Exception as error:  # whatever lxml makes of it, the page is at fault
        raise ExtractionError("unreadable", f"{type(error).__name__}: {error}") from error
    if tree is None:
        raise ExtractionError("unreadable", "no HTML")
    return tree


def _utf8_if_valid(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _text(tree: HtmlElement, fast: bool) -> str:
    try:
        text = trafilatura.extract(tree, fast=fast, include_comments=False, include_tables=False)
    except Exception as error:  # the library and lxml raise many kinds on odd trees
        raise ExtractionError("unreadable", f"{type(error).__name__}: {error}") from error
    return (text or "").strip()


def _without_title(text: str, title: str | None) -> str:
    """The heading comes along as the first line; whoever reads the text has it as the title."""
    first, _, rest = text.partition("\n")
    return rest.lstrip() if title is not None and first.strip("# ") == title else text

"""Article pages as HTML, with what surrounds the text on real ones."""

from collections.abc import Sequence
from html import escape

from tests.newsroom.compose import pick
from tests.newsroom.model import Article, Publisher, Version

_SECTIONS = ("World", "Politics", "Business", "Culture", "Sport", "Weather")
_COOKIES = "We and our partners use cookies to improve your experience. Accept all or manage them."
_STUB = "This story is for subscribers. Subscribe now from one euro a month, or log in to read on."


def article_page(
    publisher: Publisher, base: str, article: Article, version: Version, others: Sequence[Article]
) -> str:
    """The page in one of two builds: semantic elements, or nothing but divs."""
    write = _semantic if pick(publisher.id, 2) else _divs
    stub = article.page == "paywall"
    paragraphs = [" ".join(part.text for part in group) for group in version.paragraphs]
    text = paragraphs[:1] if stub else paragraphs
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in text)
    if stub:
        body += f'\n<div class="paywall"><h3>{_STUB}</h3></div>'
    return (
        f'<!doctype html>\n<html lang="{article.language}">\n'
        f"{_head(publisher, base, article, version)}\n<body>\n"
        f'<div id="consent" role="dialog">{_COOKIES}</div>\n'
        f"{write(publisher, article, version, body, _related(others))}\n</body>\n</html>\n"
    )


def front_page(publisher: Publisher, articles: Sequence[tuple[Article, Version]]) -> str:
    links = "".join(
        f'<li><a href="{article.path}">{escape(version.title)}</a></li>\n'
        for article, version in articles
    )
    return (
        f"<!doctype html>\n<html><head><title>{escape(publisher.name)}</title></head>\n"
        f"<body><h1>{escape(publisher.name)}</h1>\n<ul>\n{links}</ul></body></html>\n"
    )


def notice(text: str) -> str:
    """A page that says only that something is wrong."""
    return f"<!doctype html>\n<html><head><title>{text}</title></head><body>{text}</body></html>\n"


def _head(publisher: Publisher, base: str, article: Article, version: Version) -> str:
    title = escape(version.title)
    return (
        f'<head>\n<meta charset="utf-8">\n<title>{title} | {escape(publisher.name)}</title>\n'
        f'<link rel="canonical" href="{base}{article.path}">\n'
        f'<meta property="og:title" content="{title}">\n'
        f'<meta property="og:site_name" content="{escape(publisher.name)}">\n'
        f'<meta property="article:published_time" content="{article.published.isoformat()}">\n'
        "</head>"
    )


def _related(others: Sequence[Article]) -> str:
    return "".join(
        f'<li><a href="{other.path}">{escape(other.versions[0].title)}</a></li>' for other in others
    )


def _navigation() -> str:
    return "".join(f'<a href="/{name.lower()}">{name}</a> ' for name in _SECTIONS)


def _semantic(
    publisher: Publisher, article: Article, version: Version, body: str, related: str
) -> str:
    name = escape(publisher.name)
    return (
        f"<header><nav>{_navigation()}</nav></header>\n<main><article>\n"
        f"<h1>{escape(version.title)}</h1>\n"
        f'<div class="byline">{name}, <time>{article.published:%d %B %Y, %H:%M} GMT</time></div>\n'
        f"{body}\n</article>\n<aside><h2>Read next</h2><ul>{related}</ul></aside></main>\n"
        f"<footer>© 2026 {name}. All rights reserved. Contact, Imprint, Privacy</footer>"
    )


def _divs(publisher: Publisher, article: Article, version: Version, body: str, related: str) -> str:
    name = escape(publisher.name)
    return (
        f'<div class="top"><div class="menu">{_navigation()}</div></div>\n'
        f'<div class="wrap"><div class="story"><h1 class="hl">{escape(version.title)}</h1>\n'
        f'<div class="meta">{article.published:%Y-%m-%d %H:%M}</div>\n'
        '<div class="share"><a href="#">Share</a> <a href="#">Save</a></div>\n'
        f'<div class="text">\n{body}\n</div></div>\n'
        f'<div class="side"><b>Most read</b><ul>{related}</ul></div></div>\n'
        f'<div class="bottom">{name} · Advertise · Terms · Newsletter</div>'
    )

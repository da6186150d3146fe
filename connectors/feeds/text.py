"""HTML of entries as plain text, block by block."""

import re

from w3lib.html import remove_tags, remove_tags_with_content, replace_entities

_BLOCK = re.compile(
    r"<\s*/?\s*(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|figure|hr)\b[^>]*>",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain(html: str) -> str:
    """Paragraphs one a line, without tags, scripts, entities and control characters."""
    text = remove_tags_with_content(html, which_ones=("script", "style", "noscript"))
    text = replace_entities(remove_tags(_BLOCK.sub("\n", text)))
    return _LINES.sub("\n", _SPACES.sub(" ", _CONTROL.sub(" ", text))).strip()


def line(html: str) -> str:
    """The same as one line."""
    return " ".join(plain(html).split())

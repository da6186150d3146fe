"""HTML of entries as plain text, block by block."""

import re

from w3lib.html import remove_tags_with_content, replace_entities

# None of these goes back over what it has read: a title of 5,000 spaces must not take seconds.
_BLOCK = re.compile(
    r"<[/\s]*(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|figure|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>|</?[a-z][\w:-]*(?:[\s/][^<>]*)?>", re.I | re.S)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain(html: str) -> str:
    """Paragraphs one a line, without tags, scripts, entities and control characters.

    A tag is what looks like one: `under <$50 and >$40` is not.
    """
    text = remove_tags_with_content(html, which_ones=("script", "style", "noscript"))
    text = replace_entities(_TAG.sub("", _BLOCK.sub("\n", text)))
    return _LINES.sub("\n", _SPACES.sub(" ", _CONTROL.sub(" ", text))).strip()


def line(html: str) -> str:
    """The same as one line."""
    return " ".join(plain(html).split())

"""Texts of stored polls of feeds, to which labels that only measure are joined.

    python -m models.train.polls FOLDER --out TEXTS

FOLDER holds RSS files, one a poll, in any depth. An article is its summary and, where the feed
carries it, its text, a paragraph each, from the poll that gives most of its text; where several do,
or none gives any, from the last of them.
"""

from __future__ import annotations

import argparse
import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import feedparser
from lxml import html as lxml_html

_TAG = re.compile(r"<[^>]+>")


def articles(polls: Iterable[bytes]) -> list[dict[str, str]]:
    """Rows of `url`, `title`, `summary` and `text`, in the order in which the polls show them."""
    found: dict[str, dict[str, str]] = {}
    length: dict[str, int] = {}
    for poll in polls:
        for entry in feedparser.parse(poll).entries:
            url, content = entry.get("link") or entry.get("id"), _content(entry)
            if url and len(content) >= length.get(url, 0):
                length[url] = len(content)
                found[url] = {"url": url, "title": entry.get("title", "")} | _texts(entry, content)
    return list(found.values())


def _content(entry: Mapping[str, Any]) -> str:
    content = entry.get("content")
    return str(content[0].value) if content else ""


def _texts(entry: Mapping[str, Any], content: str) -> dict[str, str]:
    summary = _TAG.sub("", entry.get("description" if content else "summary", ""))
    paragraphs = [summary, *(text for text in _paragraphs(content) if text != summary)]
    return {"summary": summary, "text": html.unescape("\n\n".join(paragraphs))}


def _paragraphs(content: str) -> list[str]:
    if not content:
        return []
    tree = lxml_html.fromstring(f"<div>{content}</div>")
    return [str(p.text_content()).strip() for p in tree.iter("p")] or [str(tree.text_content())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the JSON Lines file to write")
    options = parser.parse_args()
    rows = articles(path.read_bytes() for path in sorted(options.folder.rglob("*.xml")))
    if not rows:
        parser.error(f"no articles in the RSS files of {options.folder}")
    options.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} articles")


if __name__ == "__main__":
    main()

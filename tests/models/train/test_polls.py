"""Stored polls become texts of articles."""

from pathlib import Path
from textwrap import dedent

from models.train.polls import articles


def poll(file: Path, *items: str) -> Path:
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    file.write_text(f'<rss version="2.0" {content}><channel>{"".join(items)}</channel></rss>')
    return file


def item(address: str, summary: str, content: str = "") -> str:
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return dedent(f"""
        <item><title>Talks in Nord City</title><link>https://news.example/{address}</link>
        <description>{summary}</description>{encoded}</item>
    """)


def test_an_article_is_its_summary_and_its_paragraphs(tmp_path: Path) -> None:
    given = item(
        "a", "A truce is near.", "<p>A truce is near.</p><div><p> Suria &amp; all </p></div>"
    )
    (found,) = articles([poll(tmp_path / "1.xml", given)])
    assert found["url"] == "https://news.example/a"
    assert found["text"] == "A truce is near.\n\nSuria & all"


def test_the_poll_that_gives_most_of_an_article_is_taken(tmp_path: Path) -> None:
    polls = [
        poll(tmp_path / "1.xml", item("a", "Short.", "<p>One.</p>"), item("b", "Alone.")),
        poll(tmp_path / "2.xml", item("a", "Short.", "<p>One.</p><p>Two.</p>")),
        poll(tmp_path / "3.xml", item("a", "Short.")),
    ]
    found = articles(polls)
    assert [one["text"] for one in found] == ["Short.\n\nOne.\n\nTwo.", "Alone."]

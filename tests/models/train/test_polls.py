"""Stored polls become texts of articles."""

from textwrap import dedent

from models.train.polls import articles


def poll(*items: str) -> bytes:
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {content}><channel>{"".join(items)}</channel></rss>'.encode()


def item(address: str, summary: str, content: str = "") -> str:
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return dedent(f"""
        <item><title>Talks in Nord City</title><link>https://news.example/{address}</link>
        <description>{summary}</description>{encoded}</item>
    """)


def test_an_article_is_its_summary_and_its_paragraphs() -> None:
    given = item(
        "a", "A truce is near.", "<p>A truce is near.</p><div><p> Suria &amp; all </p></div>"
    )
    (found,) = articles([poll(given)])
    assert found["url"] == "https://news.example/a"
    assert found["text"] == "A truce is near.\n\nSuria & all"


def test_the_poll_that_gives_most_of_an_article_is_taken() -> None:
    polls = [
        poll(item("a", "Short.", "<p>One.</p>"), item("b", "Alone.")),
        poll(item("a", "Short.", "<p>One.</p><p>Two.</p>")),
        poll(item("a", "Short.")),
    ]
    found = articles(polls)
    assert [one["text"] for one in found] == ["Short.\n\nOne.\n\nTwo.", "Alone."]

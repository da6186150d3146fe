"""From bytes to entries."""

import pytest

from connectors.feeds import Entry, Feed
from connectors.feeds.parse import MAX_TEXT, NotAFeed, Parsed, parse
from tests.connectors.feeds.conftest import FEED, NOW, item, rss


def read(body: bytes, feed: Feed = FEED, most: int = 500) -> Parsed:
    return parse(feed, body, FEED.url, "application/xml", NOW, most)


def only(body: bytes, feed: Feed = FEED) -> Entry:
    (entry,) = read(body, feed).entries
    return entry


def test_an_entry_carries_the_feed_and_its_own_fields() -> None:
    entry = only(rss([item(7, more="<pubDate>Wed, 04 Mar 2026 08:25:00 GMT</pubDate>")]))
    assert (entry.feed, entry.publisher, entry.family) == ("echo", "echo", "valley")
    assert (entry.guid, entry.url) == ("id-7", "https://echo.example/7")
    assert (entry.title, entry.summary) == ("Report 7", "Summary 7")
    assert entry.language == "en"
    assert entry.published_at is not None
    assert (entry.published_at.hour, entry.published_from) == (8, "published")


def test_html_becomes_paragraphs_and_scripts_vanish() -> None:
    html = "<p>One &amp; two.</p><script>x()</script><div>Three<br/>four</div>"
    entry = only(rss([item(1, more=f"<content:encoded><![CDATA[{html}]]></content:encoded>")]))
    assert entry.content.splitlines() == ["One & two.", "Three", "four"]


def test_a_title_is_one_line_of_plain_text() -> None:
    title = "A &lt;b&gt;bold&lt;/b&gt;\n  move"
    assert only(rss([item(1, title=title)])).title == "A bold move"


def test_control_characters_do_not_survive() -> None:
    assert only(rss([item(1, title="A&#7;B")])).title.split() == ["A", "B"]


def test_the_guid_of_a_feed_that_reuses_them_is_no_guid() -> None:
    unstable = FEED.model_copy(update={"guid": "unstable"})
    assert only(rss([item(1)]), unstable).guid is None


def test_the_publishers_own_link_comes_before_a_distributors() -> None:
    body = rss([item(1, more="<x:origLink>https://echo.example/own</x:origLink>")]).replace(
        b"<rss ", b'<rss xmlns:x="http://rssnamespace.org/feedburner/ext/1.0" '
    )
    assert only(body).url == "https://echo.example/own"


def test_a_relative_link_is_resolved_against_the_feeds_address() -> None:
    body = rss([item(1)]).replace(b"https://echo.example/1", b"/news/1")
    assert only(body).url == "https://echo.example/news/1"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body><h1>Back soon</h1></body></html>", "not_a_feed"),
        (b"", "not_a_feed"),
        (b"\x00\xff\xfe\x01garbage", "not_a_feed"),
        (b"http://127.0.0.1/other-feed", "not_a_feed"),
        (b"/etc/passwd", "not_a_feed"),
        (rss([]), "no_entries"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read(body)
    assert caught.value.reason == reason


def test_a_broken_rule_alone_does_not_make_it_unreadable() -> None:
    body = rss([item(1), item(2)]).replace(b"<title>Echo</title>", b"<title>Echo & Co</title>")
    assert len(read(body).entries) == 2


def test_a_feed_that_breaks_off_inside_an_entry_loses_that_entry() -> None:
    body = rss([item(1), item(2), item(3)])
    cut = read(body[: body.index(b"Summary 3") + 4])
    assert [entry.guid for entry in cut.entries] == ["id-1", "id-2"]
    assert not cut.whole
    assert [problem.reason for problem in cut.problems] == ["truncated"]


def test_a_feed_that_breaks_off_between_entries_loses_none() -> None:
    body = rss([item(1), item(2)])
    cut = read(body[: body.rindex(b"</item>") + len(b"</item>")])
    assert len(cut.entries) == 2
    assert not cut.whole


def test_an_entry_that_quotes_feed_markup_is_not_taken_for_a_broken_one() -> None:
    quoted = "<content:encoded><![CDATA[<p>write <item> and </rss</p>]]></content:encoded>"
    body = rss([item(1), item(2, more=quoted)])
    assert len(read(body).entries) == 2
    assert read(body).whole


@pytest.mark.parametrize("tail", [b"<!-- " + b"served in 3 ms " * 200 + b"-->", b"\n" * 9000])
def test_what_follows_the_closing_tag_does_not_make_a_feed_a_broken_one(tail: bytes) -> None:
    assert read(rss([item(1)]) + tail).whole


def test_a_channel_closed_before_its_entries_does_not_make_a_broken_feed_whole() -> None:
    entry = b"<item><title>T</title><link>https://echo.example/1</link></item>"
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/"><channel><title>E</title></channel>' + entry * 2
    )
    assert not read(rdf).whole
    cut = read(rdf[:-20])
    assert (len(cut.entries), cut.whole) == (1, False)


def test_a_closing_tag_that_a_comment_quotes_closes_nothing() -> None:
    body = rss([item(1)]).replace(b"</channel></rss>", b"<!-- </channel></rss> -->")
    assert not read(body).whole


def test_entries_beyond_the_cap_are_dropped_with_a_reason() -> None:
    parsed = read(rss([item(n) for n in range(5)]), most=3)
    assert len(parsed.entries) == 3
    (problem,) = parsed.problems
    assert problem.reason == "too_many_entries"
    assert "id-4" in problem.payload


def test_an_entry_without_title_and_text_is_dropped_with_a_reason() -> None:
    bare = "<item><guid>x</guid></item>"
    parsed = read(rss([item(1), bare]))
    assert len(parsed.entries) == 1
    assert [problem.reason for problem in parsed.problems] == ["empty_entry"]


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>soon</ttl>", None),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            21600,
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("", None),
    ],
)
def test_what_the_feed_asks_for_is_read(head: str, seconds: float | None) -> None:
    assert read(rss([item(1)], head)).ttl == seconds


def test_atom_and_rdf_are_read_as_well() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>E</title><entry><title>T</title>'
        b'<id>tag:1</id><link href="https://echo.example/1"/><content type="html">'
        b"&lt;p&gt;Text&lt;/p&gt;</content></entry></feed>"
    )
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns="http://purl.org/rss/1.0/"><channel><title>E</title></channel>'
        b'<item rdf:about="https://echo.example/1"><title>T</title>'
        b"<link>https://echo.example/1</link></item></rdf:RDF>"
    )
    assert only(atom).content == "Text"
    assert only(rdf).url == "https://echo.example/1"
    assert read(atom).whole
    assert read(rdf).whole


CAPTION = (
    "<media:content><media:description>A harbour at dusk, long ago.</media:description>"
    "</media:content>"
)


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
def test_the_caption_of_a_picture_is_no_text_of_the_entry(first: bool) -> None:
    lead = "<description>The lead.</description>"
    parts = f"{CAPTION}{lead}" if first else f"{lead}{CAPTION}"
    body = (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>"
        f"<title>A</title>{parts}</item></channel></rss>"
    )
    entry = only(body.encode())
    assert (entry.summary, entry.content) == ("The lead.", "")


def test_a_character_cut_in_two_spoils_no_other() -> None:
    quoted = "“Who’s eligible?” she asked in Orléans."
    whole = rss([item(1, title=quoted), item(2, title="Cut here: é")])
    cut = whole.replace("here: é".encode(), "here: é".encode()[:-1])
    assert [entry.title for entry in read(cut).entries] == [quoted, "Cut here: \ufffd"]


def test_windows_1252_that_says_nothing_is_still_read() -> None:
    body = rss([item(1, title="Général – né")]).replace(b' encoding="utf-8"', b"")
    latin = body.decode("utf-8").encode("cp1252")
    assert only(latin).title == "Général – né"


@pytest.mark.parametrize("bad", ["&lt;" + " " * 100_000, "&lt;p" * 50_000, "&lt;a " * 50_000])
def test_no_text_takes_longer_than_its_length(bad: str) -> None:
    """A title of 5,000 spaces behind a bracket once took nine seconds, and twice as many four times
    as long; the time limit of tests tells."""
    assert only(rss([item(1, title=f"A {bad}")])).title.startswith("A")


def test_what_stands_between_signs_is_kept() -> None:
    entry = only(rss([item(1, title="Between &amp;lt;$50 and &amp;gt;$40, x &amp;lt; y")]))
    assert entry.title == "Between <$50 and >$40, x < y"


def test_a_text_is_cut_at_its_bound() -> None:
    content = f"<content:encoded>{'word ' * 250_000}</content:encoded>"
    entry = only(rss([item(1, more=content)]))
    assert len(entry.content) == MAX_TEXT

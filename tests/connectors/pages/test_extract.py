"""Extraction: text, what a page says of itself, and pages that mean harm."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from connectors.pages import ExtractionError, extract

Build = Callable[..., str]
URL = "https://www.valley.example/news/bridge?src=rss"
REPORT = "Five lorries crossed the bridge on Tuesday, the guards said. "


def reason(html: bytes | str) -> str:
    with pytest.raises(ExtractionError) as caught:
        extract(html, URL)
    return caught.value.reason


def test_text_is_the_article_without_what_surrounds_it(page: Build) -> None:
    text = extract(page(), URL).text
    assert "keep the bridge open to lorries" in text
    assert "told reporters after the session" in text
    assert "Sport" not in text
    assert "Bridge stays open" not in text
    assert "All rights reserved" not in text


def test_a_page_says_what_it_is(page: Build) -> None:
    head = (
        "<link rel='canonical' href='/news/bridge'>"
        "<meta property='og:title' content='Bridge to stay open'>"
    )
    found = extract(page(head), URL)
    assert found.canonical_url == "https://www.valley.example/news/bridge"
    assert found.title == "Bridge to stay open"


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel='canonical' href='https://valley.example/news/bridge#top'>", True),
        ("<meta property='og:url' content='https://m.valley.example/news/bridge'>", True),
        ("<link rel='canonical' href='/'><meta property='og:url' content='/news/b'>", True),
        ("<link rel='canonical' href='https://www.valley.example/'>", False),
        ("<link rel='canonical' href='https://other.example/news/bridge'>", False),
        ("<link rel='canonical' href='https://example/news/bridge'>", False),
        ("<link rel='canonical' href='http://[broken/news'>", False),
        ("<link rel='canonical' href='javascript:alert(1)'>", False),
        ("<link rel='amphtml' href='/amp/bridge'>", False),
        ("", False),
    ],
)
def test_a_canonical_url_is_taken_only_where_it_is_believable(
    page: Build, head: str, canonical: bool
) -> None:
    assert (extract(page(head), URL).canonical_url is not None) is canonical


def test_a_co_uk_neighbour_is_another_site(page: Build) -> None:
    head = "<link rel='canonical' href='https://other.co.uk/news/bridge'>"
    assert extract(page(head), "https://valley.co.uk/news/bridge").canonical_url is None


def test_the_heading_is_the_title_rather_than_the_name_of_the_window(page: Build) -> None:
    assert extract(page(), URL).title == "Bridge stays open"


def test_broken_linked_data_harms_nobody(page: Build) -> None:
    head = "<script type='application/ld+json'>{broken" + "[" * 100_000 + "</script>"
    assert "bridge" in extract(page(head), URL).text


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "", None),
        ("utf-8", "<meta charset='utf-8'>", None),
        ("windows-1252", "<meta charset='iso-8859-1'>", None),
        ("windows-1252", "", "text/html"),
        ("windows-1251", "", "text/html; charset=windows-1251"),
        ("utf-16", "", None),
    ],
)
def test_the_encoding_is_found(
    page: Build, encoding: str, declared: str, header: str | None
) -> None:
    word = "Переговоры" if encoding == "windows-1251" else "Générale"
    html = page(declared, f"<p>{word} {'on the bridge. ' * 60}</p>").encode(encoding)
    assert word in extract(html, URL, header).text


def test_a_stub_is_too_short(page: Build) -> None:
    assert reason(page(body="<p>Watch the video.</p>")) == "too_short"
    assert reason("") in ("too_short", "unreadable")
    assert reason(b"\x00\x01\x02") in ("too_short", "unreadable")


def test_a_short_report_is_complete(page: Build) -> None:
    assert extract(page(body=f"<p>{REPORT * 3}</p>"), URL).text


@pytest.mark.parametrize(
    "asks",
    [
        "We and our partners use cookies to improve your experience.",
        "Please enable JavaScript to go on.",
        "Subscribe now from one euro a month, or log in to read on.",
        "Are you a robot? Please confirm that you are not.",
        "Sign in to your account.",
        "Sign in or register.",
        "Sign in",
        "This article is available to subscribers.",
    ],
)
def test_a_short_text_that_asks_for_something_is_no_report(page: Build, asks: str) -> None:
    assert reason(page(body=f"<p>{REPORT * 3}</p><p>{asks}</p>")) == "too_short"


@pytest.mark.parametrize(
    "says",
    [
        "Both delegations are expected to sign in Doha on Tuesday.",
        "The ministers will sign in Geneva.",
        "They may sign in or near Tokyo, where clerks log in the cargo.",
        "The mediator served cookies, and a captcha in the portal, written in JavaScript, broke.",
        "The operator has two million subscribers and a subscription for each household.",
        "Refugees must register to vote; the valley wants to become a member.",
    ],
)
def test_a_short_report_with_words_that_walls_use_too_is_complete(page: Build, says: str) -> None:
    assert says in extract(page(body=f"<p>{REPORT * 3}</p><p>{says}</p>"), URL).text


def test_a_first_paragraph_before_a_wall_is_too_short_and_alone_it_is_not(page: Build) -> None:
    paragraph = "<p>" + "The bridge stays open until the harvest is in. " * 10 + "</p>"
    wall = "<div class='article-paywall'><h3>Subscribe to read on.</h3></div>"
    said = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    assert extract(page(body=paragraph), URL).text
    assert reason(page(body=paragraph + wall)) == "too_short"
    assert reason(page(said, paragraph)) == "too_short"


def test_a_long_article_counts_whatever_it_says_of_walls(page: Build) -> None:
    said = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    body = "".join(
        f"<p>{n}. The guards stay on the bridge for another week.</p>" for n in range(40)
    )
    assert len(extract(page(said, body), URL).text) > 1000


def test_control_characters_and_lone_surrogates_are_left_out(page: Build) -> None:
    text = extract(page(body="<p>" + "The \x00bri\x0bdge \ud800 is open. " * 40 + "</p>"), URL).text
    text.encode("utf-8")
    assert not set(text) & set("\x00\x0b\ud800")
    assert "bridge" in text


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<b>x",
        "<p><a href=x>",
        "<table><tr><td>",
        "<ul><li>x",
        "<p>w w</p>",
        "<a>w</a> ",
        "<",
    ],
)
def test_five_megabytes_of_tags_take_a_bounded_time(unit: str) -> None:
    started = time.monotonic()
    html = "<html><body>" + unit * (5_000_000 // len(unit))
    with suppress(ExtractionError):
        extract(html, URL)
    assert time.monotonic() - started < 15


def test_a_page_of_too_many_nodes_is_refused() -> None:
    assert reason("<p>word</p>" * 100_000) == "too_complex"


def test_just_under_the_bound_is_read_within_the_time() -> None:
    started = time.monotonic()
    html = "<html><body>" + ("<div>" * 200 + "<p>word word word</p>" + "</div>" * 200) * 290
    assert extract(html, URL).text
    assert time.monotonic() - started < 15


def test_an_article_of_five_megabytes_is_read(page: Build) -> None:
    body = "".join(f"<p>{'The guards stay on the bridge. ' * 30}{n}</p>" for n in range(5_300))
    assert len(extract(page(body=body), URL).text) > 4_000_000

"""What identifies an entry, and what makes a revision."""

from dataclasses import replace

import pytest

from connectors.feeds import Entry, identity_keys, revision, url_key

ENTRY = Entry(
    feed="echo",
    publisher="echo",
    family="valley",
    kind="newspaper",
    guid="id-1",
    url="https://echo.example/news/1",
    title="Bridge stays open",
    summary="The bridge stays open.",
    content="",
    language="en",
    published_at=None,
    published_from=None,
)


def test_the_guid_comes_first_and_the_address_second() -> None:
    assert identity_keys(ENTRY) == ["guid:echo:id-1", "url:echo:echo.example/news/1"]


def test_without_a_guid_the_address_identifies() -> None:
    assert identity_keys(replace(ENTRY, guid=None)) == ["url:echo:echo.example/news/1"]


def test_the_title_identifies_only_where_there_is_nothing_else() -> None:
    (key,) = identity_keys(replace(ENTRY, guid=None, url=None))
    (same,) = identity_keys(replace(ENTRY, guid=None, url=None, title=" bridge  STAYS open"))
    assert key == same
    assert key.startswith("title:echo:")


def test_publishers_do_not_share_guids() -> None:
    assert set(identity_keys(ENTRY)).isdisjoint(identity_keys(replace(ENTRY, publisher="other")))


@pytest.mark.parametrize(
    "url",
    [
        "http://echo.example/news/1",
        "https://www.echo.example/news/1/",
        "https://ECHO.example/news/1#comments",
        "https://echo.example/news/1?utm_source=rss&utm_campaign=x",
        "https://echo.example/news/1?at_medium=RSS&fbclid=abc",
        "https://echo.example/news/1?at_medium=RSS&amp;at_campaign=rss&maca=en-rss",
        "https://echo.example:443/news/1",
    ],
)
def test_addresses_of_one_article_are_one_key(url: str) -> None:
    assert url_key("echo", url) == "url:echo:echo.example/news/1"


@pytest.mark.parametrize("name", ["p", "id", "cid", "uid", "eid", "ref", "source", "gallery"])
def test_parameters_that_identify_stay(name: str) -> None:
    one, other = (url_key("echo", f"https://echo.example/?{name}={n}") for n in (1, 2))
    assert one != other


@pytest.mark.parametrize(
    "url",
    ["https://echo.example", "https://echo.example/#/news/1", "http://echo.example/?utm_id=1"],
)
def test_a_front_page_is_no_address_of_an_article(url: str) -> None:
    assert url_key("echo", url) is None
    assert identity_keys(replace(ENTRY, url=url)) == ["guid:echo:id-1"]
    (key,) = identity_keys(replace(ENTRY, guid=None, url=url))
    assert key.startswith("title:echo:")


@pytest.mark.parametrize("url", ["http://[broken", "http://echo.example:port/1", "\ud800"])
def test_an_address_that_cannot_be_taken_apart_still_identifies(url: str) -> None:
    assert str(url_key("echo", url)).startswith("url:echo:")


def test_spaces_and_links_make_no_revision_but_words_do() -> None:
    assert revision(ENTRY) == revision(replace(ENTRY, title="Bridge  stays\nopen", url=None))
    assert revision(ENTRY) != revision(replace(ENTRY, summary="The bridge is shut."))


def test_fields_do_not_run_into_each_other() -> None:
    one, other = replace(ENTRY, title="a", summary="b c"), replace(ENTRY, title="a b", summary="c")
    assert revision(one) != revision(other)

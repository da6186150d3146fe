"""Fetching pages from a loopback server: what is an article, and the word for what is not."""

import pytest

from connectors.pages import Page, PageFetcher, PageProblem, shared_fetcher
from connectors.web import WebOptions
from tests.connectors.pages.conftest import Site, serving


def problem(client, url: str) -> PageProblem:
    found = PageFetcher(client).fetch(url)
    assert isinstance(found, PageProblem), found
    return found


def test_an_article_is_read(site, client, page) -> None:
    site.put("/news/bridge", page("<link rel='canonical' href='/news/bridge-2'>"))
    found = PageFetcher(client).fetch(f"{site.url}/news/bridge")
    assert isinstance(found, Page)
    assert found.url == f"{site.url}/news/bridge"
    assert found.canonical_url == f"{site.url}/news/bridge-2"
    assert "keep the bridge open" in found.text


def test_robots_txt_is_asked_first_and_obeyed(site, client, page) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /news/")
    site.put("/news/bridge", page())
    assert problem(client, f"{site.url}/news/bridge").reason == "robots"
    assert site.asked == ["/robots.txt"]


def test_the_shared_fetcher_is_one_per_options() -> None:
    options = WebOptions(contact="mailto:a@example.org")
    assert shared_fetcher(options) is shared_fetcher(WebOptions(contact="mailto:a@example.org"))
    assert shared_fetcher(options) is not shared_fetcher(WebOptions(contact="mailto:b@example.org"))


def test_an_unreachable_robots_txt_is_transient(site, client, page) -> None:
    site.put("/robots.txt", "", status=500)
    site.put("/news/bridge", page())
    found = problem(client, f"{site.url}/news/bridge")
    assert (found.reason, found.transient) == ("robots_unreachable", True)
    assert "/news/bridge" not in site.asked


@pytest.mark.parametrize(
    ("status", "transient"),
    [
        *((status, False) for status in (404, 410, 402, 403, 418, 204)),
        *((status, True) for status in (408, 425, 429, 500, 503)),
    ],
)
def test_a_status_is_for_good_or_for_a_while(site, client, status: int, transient: bool) -> None:
    site.put("/news", b"", status=status)
    assert problem(client, f"{site.url}/news").transient is transient


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/json", "text/plain"])
def test_only_html_is_read(site, client, page, kind: str) -> None:
    site.put("/news", page(), kind=kind)
    assert problem(client, f"{site.url}/news").reason == "not_html"


def test_xhtml_and_an_unnamed_type_are_read(site, client, page) -> None:
    site.put("/x", page(), kind="application/xhtml+xml; charset=utf-8")
    site.put("/y", page(), kind="")
    fetcher = PageFetcher(client)
    assert isinstance(fetcher.fetch(f"{site.url}/x"), Page)
    assert isinstance(fetcher.fetch(f"{site.url}/y"), Page)


def test_an_article_that_leads_to_the_front_page_is_gone(site, client, page) -> None:
    site.put("/news/old", b"", status=302, Location="/")
    site.put("/", page())
    assert problem(client, f"{site.url}/news/old").reason == "redirected_away"


def test_a_redirect_to_the_article_is_followed(site, client, page) -> None:
    site.put("/go/1", b"", status=301, Location="/news/bridge")
    site.put("/news/bridge", page())
    found = PageFetcher(client).fetch(f"{site.url}/go/1")
    assert isinstance(found, Page)
    assert found.url == f"{site.url}/news/bridge"


def test_a_stub_is_a_problem_with_its_reason(site, client, page) -> None:
    site.put("/news", page(body="<p>Log in to read.</p>"))
    assert problem(client, f"{site.url}/news").reason == "too_short"


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "ftp://a.example/x", "http://", "http://[", "/x"]
)
def test_what_is_no_web_address_is_not_fetched(client, url: str) -> None:
    assert problem(client, url).reason == "bad_url"


def test_a_host_that_does_not_answer_is_transient(client) -> None:
    assert problem(client, "http://127.0.0.1:1/news").transient


def test_a_header_names_the_charset(site, client, page) -> None:
    body = page(body="<p>" + "Переговоры продолжаются на мосту. " * 30 + "</p>")
    site.put("/news", body.encode("windows-1251"), kind="text/html; charset=windows-1251")
    found = PageFetcher(client).fetch(f"{site.url}/news")
    assert isinstance(found, Page)
    assert "Переговоры" in found.text


def test_where_a_redirect_leads_is_asked_for_its_rules(site, client, page) -> None:
    with serving(Site()) as other:
        site.put("/go", b"", status=302, Location=f"{other.url}/news/bridge")
        other.put("/robots.txt", "User-agent: *\nDisallow: /")
        other.put("/news/bridge", page())
        assert problem(client, f"{site.url}/go").reason == "robots"
        assert other.asked == ["/robots.txt"]


def test_a_host_that_has_enough_is_left_alone(site, client, page) -> None:
    clock = [1000.0]
    fetcher = PageFetcher(client, monotonic=lambda: clock[0])
    site.put("/news/one", b"", status=429, **{"Retry-After": "120"})
    site.put("/news/two", page())
    for path in ("/news/one", "/news/two"):
        found = fetcher.fetch(f"{site.url}{path}")
        assert isinstance(found, PageProblem)
        assert (found.reason, found.transient) == ("throttled", True)
    assert site.asked == ["/robots.txt", "/news/one"]
    clock[0] += 121
    assert isinstance(fetcher.fetch(f"{site.url}/news/two"), Page)


def test_one_page_that_fails_says_nothing_of_its_host(site, client, page) -> None:
    fetcher = PageFetcher(client)
    site.put("/news/one", b"", status=503)
    site.put("/news/two", page())
    assert isinstance(fetcher.fetch(f"{site.url}/news/one"), PageProblem)
    assert isinstance(fetcher.fetch(f"{site.url}/news/two"), Page)


def test_a_name_that_cannot_be_one_is_a_bad_address(client) -> None:
    assert problem(client, "https://xn--i-7iq.ws/news").reason == "bad_url"


def test_a_type_said_twice_is_one(site, client, page) -> None:
    site.put("/news/bridge", page(), kind="text/html, text/html")
    assert isinstance(PageFetcher(client).fetch(f"{site.url}/news/bridge"), Page)

"""Retry-After, options and proxies."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from connectors.web import WebClient, WebOptions, retry_after
from connectors.web.transport import environment_proxies

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("999999999999999999999", 3600),
        ("Wed, 04 Mar 2026 06:30:00 GMT", 1800),
        ("Wed, 04 Mar 2026 07:00:00 +0200", 0),
        ("Wed, 04 Mar 2056 06:30:00 GMT", 3600),
        ("Wed, 04 Mar 2020 06:30:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_capped(value, seconds) -> None:
    found = retry_after({"Retry-After": value}, NOW, timedelta(hours=1))
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_without_the_header_there_is_nothing_to_keep() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    "contact", ["", "ops@example.org", "mailto:a b", "https://x/(y)", "mailto:ä"]
)
def test_a_contact_must_be_an_address(contact: str) -> None:
    with pytest.raises(ValidationError):
        WebOptions(contact=contact)


def test_networks_must_be_networks() -> None:
    with pytest.raises(ValidationError, match="allow_networks"):
        WebOptions(contact="mailto:a@example.org", allow_networks=("127.0.0.1/8x",))


def test_the_environment_names_the_proxy(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    assert environment_proxies() == {"http": "http://proxy.example:3128"}
    monkeypatch.setenv("all_proxy", "socks5://proxy.example:1080")
    with pytest.raises(ValueError, match="https"):
        environment_proxies()


def test_public_hosts_are_asked_through_the_proxy_and_allowed_networks_directly(
    host, other_host
) -> None:
    options = WebOptions(
        contact="mailto:a@example.org", allow_networks=("127.0.0.1/32",), host_delay=0
    )
    client = WebClient(options, proxies={"http": other_host.url})
    other_host.put("http://news.example/feed", b"by proxy")
    assert client.get("http://news.example/feed").body == b"by proxy"
    assert client.get(host.put("/feed", b"directly")).body == b"directly"
    client.close()

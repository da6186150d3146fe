"""feeds.yaml: what is accepted, and how mistakes are told."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.config import ConfigError, parse_yaml
from connectors.feeds import Feed, FeedsConfig, load_feeds

HEAD = "web: {contact: 'mailto:ops@example.org'}\nfeeds:\n"
LINE = "  - {name: a, url: 'https://a.example/rss', publisher: a, kind: newspaper}\n"


def problems(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, FeedsConfig, "feeds.yaml")
    return str(caught.value)


def test_a_publisher_without_a_family_is_one_of_its_own() -> None:
    (feed,) = parse_yaml(HEAD + LINE, FeedsConfig, "feeds.yaml").feeds
    assert feed.family == "a"


def test_durations_are_written_as_people_write_them() -> None:
    made = parse_yaml("rhythm: {min_interval: 90s}\n" + HEAD + LINE, FeedsConfig, "feeds.yaml")
    assert made.rhythm.min_interval == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + LINE + LINE, "feeds.yaml:4: feeds[1].name: another feed has the name 'a'"),
        (HEAD + LINE + LINE.replace("name: a", "name: b"), "4: feeds[1].url: another feed has"),
        (HEAD + LINE.replace("https://a", "ftp://a"), "3: feeds[0].url: 'ftp://a.example/rss'"),
        (HEAD + LINE.replace("//a.example", "//[a.example"), "3: feeds[0].url: Invalid IPv6"),
        (HEAD + LINE.replace("a.example", "a.example:99999"), "3: feeds[0].url: 'https://a.ex"),
        (HEAD.replace("ops@example.org", "") + LINE, "1: web.contact: names nobody"),
        (HEAD + LINE.replace("newspaper", "blog"), "3: feeds[0].kind: "),
        (HEAD + LINE.replace("name: a", "nam: a"), "3: feeds[0].nam: "),
        (HEAD + "  []\n", "feeds"),
        ("feeds:\n" + LINE, "web"),
        ("rhythm: {min_interval: 3h}\n" + HEAD + LINE, "max_interval is shorter"),
        ("rhythm: {min_interval: often}\n" + HEAD + LINE, "'often' is no duration"),
        (
            HEAD
            + LINE.replace("kind:", "family: x, kind:")
            + LINE.replace("name: a", "name: b").replace("/rss", "/2"),
            "4: feeds[1].family: 'a' belongs to family 'x' elsewhere",
        ),
    ],
)
def test_a_mistake_names_file_line_key_and_reason(text: str, said: str) -> None:
    assert said in problems(text)


@pytest.mark.parametrize(
    "url", ["https://me:secret@a.example/rss", "ftp://secret@a.example/rss", "me:secret@a.example"]
)
def test_credentials_in_an_address_are_refused_and_not_repeated(url: str) -> None:
    said = problems(HEAD + LINE.replace("https://a.example/rss", url))
    assert "3: feeds[0].url: must not have a user name or password" in said
    assert "secret" not in said
    with pytest.raises(ValidationError) as caught:
        Feed(name="a", url=url, publisher="a", family="a", kind="newspaper")
    assert "secret" not in str(caught.value)


def test_an_at_sign_in_a_path_is_no_credential() -> None:
    text = HEAD + LINE.replace("/rss", "/@desk?to=a@b")
    assert parse_yaml(text, FeedsConfig, "feeds.yaml").feeds[0].url.endswith("/@desk?to=a@b")


def load(folder: Path, contact: str, url: str) -> None:
    file = folder / "feeds.yaml"
    head = f"web: {{contact: '{contact}', allow_networks: [198.51.100.0/24, 9.9.9.0/24]}}\nfeeds:\n"
    file.write_text(head + LINE.replace("https://a.example/rss", url))
    load_feeds(file)


@pytest.mark.parametrize(
    ("contact", "url", "warned"),
    [
        ("https://example.org/parley", "https://news.un.org/rss", True),
        ("mailto:ops@example.com", "https://news.un.org/rss", True),
        ("mailto:ops@parley.example", "https://8.8.8.8/rss", True),
        ("mailto:ops@un.org", "https://news.un.org/rss", False),
        ("https://un.org/example.org", "https://news.un.org/rss", False),
        ("https://example.organic", "https://news.un.org/rss", False),
        ("mailto:ops@example.org", "http://127.0.0.3:8000/rss", False),
        ("mailto:ops@example.org", "http://localhost:8000/rss", False),
        ("mailto:ops@example.org", "https://a.example/rss", False),
        ("mailto:ops@example.org", "http://9.9.9.9/rss", False),
    ],
)
def test_asking_publishers_in_the_name_of_nobody_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, contact: str, url: str, warned: bool
) -> None:
    load(tmp_path, contact, url)
    assert [contact in line.getMessage() for line in caplog.records] == [True] * warned


def test_the_shipped_feeds_are_at_least_twenty_well_formed_ones() -> None:
    shipped = load_feeds(Path(__file__).parents[3] / "deploy" / "feeds.yaml")
    assert len(shipped.feeds) >= 20
    assert len({feed.family for feed in shipped.feeds}) >= 12
    assert all(feed.url.startswith("https://") for feed in shipped.feeds)

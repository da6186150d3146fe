"""feeds.yaml: what is accepted, and how mistakes are told."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.config import ConfigError, parse_yaml
from connectors.feeds import FeedsConfig, load_feeds

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


def test_the_shipped_feeds_are_at_least_twenty_well_formed_ones() -> None:
    shipped = load_feeds(Path(__file__).parents[3] / "deploy" / "feeds.yaml")
    assert len(shipped.feeds) >= 20
    assert len({feed.family for feed in shipped.feeds}) >= 12
    assert all(feed.url.startswith("https://") for feed in shipped.feeds)

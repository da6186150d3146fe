"""feeds.yaml: which feeds are followed, how often, and how the web is asked."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from connectors.config import Key, Strict, complain, load_yaml, span
from connectors.web import WebError, WebOptions, check_url
from connectors.web.guard import literal
from connectors.web.options import Network

log = logging.getLogger(__name__)
PublisherKind = Literal[
    "agency", "broadcaster", "business", "digital", "magazine", "newspaper", "official",
    "regional", "sport", "think_tank",
]  # fmt: skip
_USERINFO = re.compile(r"(?:[^/?#]*//)?[^/?#]*@")
_NOBODY = re.compile(
    r"(?:mailto:[^@]*@|https?://)(?:[^/?#]*\.)?example(?:\.(?:com|net|org|edu))?(?=[:/?#]|$)",
    re.IGNORECASE,
)
_LOCAL_NAMES = ("localhost", "local", "internal", "example", "invalid", "test")


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise ValueError(f"{value!r} is no name: small letters, digits and single hyphens")
    return value


def _address(value: str) -> str:
    """Credentials would not be sent, but stored and shown: refused, and not repeated."""
    if _USERINFO.match(value):
        raise ValueError("must not have a user name or password before the host: none is sent")
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError(f"{value!r} is no address: it must begin with http:// or https://")
    urlsplit(value)  # refuses brackets that do not close
    try:
        check_url(value)
    except WebError as error:
        raise ValueError(f"{value!r} is no address that can be asked: {error.detail}") from error
    return value


def _duration(value: Any) -> Any:
    """`90s`, `5m`, `2h` and `1d` as people write them; a timedelta stays what it is."""
    if isinstance(value, timedelta):
        return value
    found = span(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is no duration: write it like 90s, 5m, 2h or 1d")
    return found


Slug = Annotated[str, AfterValidator(_slug)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


class Feed(Strict):
    """One feed. `family` groups publishers that are not independent of each other.

    `guid: unstable` says that this feed reuses or changes its guids, so that they identify nothing.
    """

    model_config = ConfigDict(hide_input_in_errors=True)  # an address may hold a password

    name: Slug
    url: Annotated[str, AfterValidator(_address)]
    publisher: Slug
    family: Slug
    kind: PublisherKind
    guid: Literal["stable", "unstable"] = "stable"

    @model_validator(mode="before")
    @classmethod
    def _own_family(cls, data: Any) -> Any:
        """A publisher that names no family is one of its own."""
        if isinstance(data, dict) and "family" not in data and "publisher" in data:
            return {**data, "family": data["publisher"]}
        return data


class Rhythm(Strict):
    """How often feeds are polled: between the bounds, by what they ask for and how they publish.

    `full_every` is after how long a poll goes without conditions, since entity tags lie.
    """

    min_interval: Duration = timedelta(minutes=5)
    max_interval: Duration = timedelta(hours=2)
    max_backoff: Duration = timedelta(hours=6)
    full_every: Duration = timedelta(hours=24)
    max_entries: int = Field(default=500, ge=1, le=10_000)

    @model_validator(mode="after")
    def _ordered(self) -> "Rhythm":
        if self.max_interval < self.min_interval:
            raise ValueError("max_interval is shorter than min_interval")
        return self


class FeedsConfig(Strict):
    """The whole of feeds.yaml."""

    web: WebOptions
    rhythm: Rhythm = Rhythm()
    feeds: tuple[Feed, ...] = Field(min_length=1)

    @field_validator("feeds")
    @classmethod
    def _told_apart(cls, feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
        complain(_repeated(feeds), feeds)
        return feeds


def load_feeds(path: Path) -> FeedsConfig:
    """Read feeds.yaml.

    Warns where publishers would be asked in the name of an address for examples.

    Raises:
        ConfigError: naming file, line, key and reason for every mistake.
    """
    config = load_yaml(path, FeedsConfig)
    web = config.web
    if _NOBODY.match(web.contact) and not all(_near(f.url, web.networks) for f in config.feeds):
        log.warning(
            "%s: web.contact is %s, where nobody reads what publishers write: set your own",
            path,
            web.contact,
        )
    return config


def _near(url: str, networks: tuple[Network, ...]) -> bool:
    """Whether a feed is of one's own: by its name or address; no name is resolved."""
    host = urlsplit(url).hostname or ""
    address = literal(host)
    if address is None:
        return host.rpartition(".")[2] in _LOCAL_NAMES
    inside = any(address.version == net.version and address in net for net in networks)
    return inside or not address.is_global


def _repeated(feeds: tuple[Feed, ...]) -> Iterator[tuple[Key, str]]:
    names, urls, families = set[str](), set[str](), dict[str, str]()
    for index, feed in enumerate(feeds):
        if feed.name in names:
            yield (index, "name"), f"another feed has the name {feed.name!r}"
        if feed.url in urls:
            yield (index, "url"), "another feed has this address"
        if families.setdefault(feed.publisher, feed.family) != feed.family:
            other = families[feed.publisher]
            yield (index, "family"), f"{feed.publisher!r} belongs to family {other!r} elsewhere"
        names.add(feed.name)
        urls.add(feed.url)

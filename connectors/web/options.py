"""The `web` section of feeds.yaml."""

from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator, Field

from connectors.config import Strict

Network = IPv4Network | IPv6Network
MEBIBYTE = 1024 * 1024


def _contact(value: str) -> str:
    if not value.startswith(("mailto:", "https://", "http://")):
        raise ValueError("must begin with mailto: or https://, so that publishers can write back")
    if not value.partition(":")[2].strip("/"):
        raise ValueError("names nobody: an address must follow, like mailto:news@your.org")
    if not value.isascii() or not value.isprintable() or any(c in value for c in " ()\\"):
        raise ValueError("must be an address without spaces, brackets or backslashes")
    return value


def _network(value: str) -> str:
    ip_network(value)
    return value


class WebOptions(Strict):
    """How the web is asked. Times in seconds, sizes in bytes after decompression."""

    contact: Annotated[str, AfterValidator(_contact)]
    max_bytes: int = Field(default=10 * MEBIBYTE, ge=1024, le=256 * MEBIBYTE)
    connect_timeout: float = Field(default=10.0, gt=0)
    read_timeout: float = Field(default=15.0, gt=0)
    total_timeout: float = Field(default=45.0, gt=0)
    max_redirects: int = Field(default=5, ge=0, le=20)
    host_delay: float = Field(default=1.0, ge=0, le=60)
    host_connections: int = Field(default=2, ge=1, le=2)
    pool_size: int = Field(default=16, ge=1, le=128)
    allow_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = ()

    @property
    def networks(self) -> tuple[Network, ...]:
        """`allow_networks`, parsed."""
        return tuple(ip_network(value) for value in self.allow_networks)

    @property
    def user_agent(self) -> str:
        """`Parley/<version> (+contact)`, RFC 9110, 10.1.5."""
        return f"Parley/{_version()} (+{self.contact})"


def _version() -> str:
    try:
        return version("parley-monitor")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"

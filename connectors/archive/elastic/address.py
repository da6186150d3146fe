"""Addresses: `https://one:9200,two:9200/PREFIX`. Who asks is in the environment, never in them."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from connectors.archive.documents import KINDS
from connectors.archive.elastic.names import Names
from connectors.archive.protocol import ArchiveError
from connectors.elasticsearch import ConnectionOptions

DEFAULT_PREFIX: Final = "parley"
VARIABLES: Final[Mapping[str, str]] = {
    "api_key_file": "ELASTICSEARCH_API_KEY_FILE",
    "username": "ELASTICSEARCH_USERNAME",
    "password_file": "ELASTICSEARCH_PASSWORD_FILE",
    "ca_file": "ELASTICSEARCH_CA_FILE",
    "fingerprint": "ELASTICSEARCH_FINGERPRINT",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the cluster is, and what all names of this archive begin with."""

    hosts: tuple[str, ...]
    prefix: str

    def __str__(self) -> str:
        scheme, _, first = self.hosts[0].partition("://")
        others = (host.partition("://")[2] for host in self.hosts[1:])
        return f"{scheme}://{','.join((first, *others))}/{self.prefix}"


def parse_address(url: str) -> Address:
    """Take an address apart.

    Raises:
        ArchiveError: it is none; the message never repeats a password.
    """
    if "@" in url:  # anywhere: a password may have a slash in it
        raise ArchiveError(
            "credentials do not belong into an archive's address; set ELASTICSEARCH_API_KEY, or "
            "ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD"
        )
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower().removeprefix("elasticsearch+")
    names, _, prefix = rest.partition("/")
    prefix = prefix.strip("/") or DEFAULT_PREFIX
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", prefix):
        raise ArchiveError(f"{prefix!r} cannot begin the names of indices: a-z, 0-9, - and _ can")
    if prefix.endswith(tuple(map(Names("").alias, KINDS))):
        raise ArchiveError(
            f"{prefix!r} cannot begin the names of indices: those of an archive with a shorter "
            "prefix end like this"
        )
    address = Address(tuple(f"{scheme}://{name}" for name in names.split(",")), prefix)
    connection(address, {})
    return address


def connection(address: Address, environment: Mapping[str, str] = os.environ) -> ConnectionOptions:
    """How to connect; `VARIABLES` and those that `ConnectionOptions` names are looked at.

    Raises:
        ArchiveError: what the variables say does not fit together.
    """
    given = {name: environment[key] for name, key in VARIABLES.items() if environment.get(key)}
    try:
        options = {name: Path(v) if name.endswith("_file") else v for name, v in given.items()}
        return ConnectionOptions(hosts=address.hosts, **options)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
        raise ArchiveError(f"{address} cannot be used: {problems}") from error

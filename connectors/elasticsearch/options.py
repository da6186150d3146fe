"""Configuration: frozen, validated, without secrets, so that it may travel in a pipeline's graph.

A secret is named by an environment variable or a file, and read where the client is built.
"""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from connectors.config import Strict

MEBIBYTE = 2**20


def _host(value: str) -> str:
    if "@" in value:  # said first, and without the value: it may hold a password
        raise ValueError("credentials do not belong into an address; name a variable or a file")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is no address; write https://elastic.example:9200")
    if parts.query or parts.fragment:
        raise ValueError(f"{value!r} may have a path, but nothing behind it")
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"


def _fingerprint(value: str) -> str:
    plain = value.replace(":", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise ValueError("must be the SHA-256 of the certificate, 64 hexadecimal digits")
    return plain


class ConnectionOptions(Strict):
    """Where the cluster is and who asks. `request_timeout` is in seconds.

    Of the credentials at most one kind may be there: an API key (as base64, the form Kibana
    shows) or a user and a password, each in a variable of the environment or in a file; both, or a
    password without a user, is an error; for variables `connect` tells it. Where a named variable
    is not set and there is no file, requests carry no credentials.
    """

    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field(min_length=1)
    api_key_env: str = "ELASTICSEARCH_API_KEY"
    api_key_file: Path | None = None
    username: str | None = None
    password_env: str = "ELASTICSEARCH_PASSWORD"
    password_file: Path | None = None
    ca_file: Path | None = None
    fingerprint: Annotated[str, AfterValidator(_fingerprint)] | None = None
    request_timeout: float = Field(default=30.0, gt=0)
    compress: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len({urlsplit(host).scheme for host in self.hosts}) > 1:
            raise ValueError("hosts must all be https or all http")
        if self.username is None and self.password_file is not None:
            raise ValueError("password_file is given, but no username")
        if self.username is not None and self.api_key_file is not None:
            raise ValueError("give an API key or a user, not both")
        return self


class Retries(Strict):
    """Waits between attempts double from `first` to `longest` seconds, each cut by chance (full
    jitter); after `deadline` seconds since the first attempt there is no other."""

    first: float = Field(default=0.5, gt=0)
    longest: float = Field(default=15.0, gt=0)
    deadline: float = Field(default=120.0, ge=0)


class BulkOptions(Strict):
    """Bounds of a bulk request, and how many are on their way at once.

    A document over `max_bytes` goes alone, one over `max_document_bytes` not at all. At most
    `in_flight * max_bytes` wait in memory, and one batch more is being gathered. For a shard that
    is not up the server waits `shard_timeout` seconds, then puts off that shard's documents alone;
    it should be well below the request's timeout, which puts off all.
    """

    max_documents: int = Field(default=500, ge=1, le=10_000)
    max_bytes: int = Field(default=5 * MEBIBYTE, ge=1024, le=90 * MEBIBYTE)
    max_document_bytes: int = Field(default=20 * MEBIBYTE, ge=1024, le=90 * MEBIBYTE)
    in_flight: int = Field(default=4, ge=1, le=32)
    shard_timeout: float = Field(default=10.0, gt=0)
    retries: Retries = Retries()

"""The running client, built from its options."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from connectors.elasticsearch.errors import Refused
from connectors.elasticsearch.options import ConnectionOptions


def connect(
    options: ConnectionOptions, environment: Mapping[str, str] | None = None
) -> Elasticsearch:
    """A client that has sent nothing yet; safe to share between threads, not between processes.

    It does not retry: the deadline and the jitter are those of `Retries`. Several hosts are asked
    in turn, one that does not answer is left out for a while.

    Raises:
        Refused: a file with a credential or a certificate cannot be read, or the credentials
            contradict each other.
    """
    return Elasticsearch(
        list(options.hosts),
        request_timeout=options.request_timeout,
        http_compress=options.compress,
        max_retries=0,
        retry_on_timeout=False,
        **_credentials(options, os.environ if environment is None else environment),
        **_trust(options),
    )


def _credentials(options: ConnectionOptions, environment: Mapping[str, str]) -> dict[str, Any]:
    password = _secret(options.password_file, environment.get(options.password_env))
    key = _secret(options.api_key_file, environment.get(options.api_key_env))
    if options.username is None and password is not None:
        raise Refused(f"{options.password_env} is set, but there is no username")
    if options.username is not None:
        if key is not None:
            raise Refused(f"{options.api_key_env} and a username are set: give one, not both")
        if password is None:
            raise Refused(f"no password: set {options.password_env} or name a file")
        return {"basic_auth": (options.username, password)}
    return {} if key is None else {"api_key": key}


def _secret(file: Path | None, value: str | None) -> str | None:
    """The file's content where one is named, else the variable's value."""
    if file is None:
        return value or None
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error


def _trust(options: ConnectionOptions) -> dict[str, Any]:
    if not options.hosts[0].startswith("https:"):
        return {}
    trust: dict[str, Any] = {}
    if options.ca_file is not None:
        if not options.ca_file.is_file():
            raise Refused(f"{options.ca_file}, the certificate authority, is not there")
        trust["ca_certs"] = str(options.ca_file)
    if options.fingerprint is not None:
        trust["ssl_assert_fingerprint"] = options.fingerprint
    return trust

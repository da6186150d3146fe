"""Errors of the connector. A document's own trouble is no exception but a `Failed`."""

from typing import Any, Final

from elastic_transport import ApiError, ConnectionTimeout, TlsError, TransportError

DETAIL: Final = 500  # characters of a server's explanation that are kept


class ConnectorError(Exception):
    """Elasticsearch cannot be used as it was asked to."""


class Refused(ConnectorError):
    """The account may not do this, or the server is not the one it should be (401, 403, TLS)."""


def may_pass(status: int) -> bool:
    """Whether a status says something of the moment: busy, too slow, or any trouble of a server
    or of a proxy before it, which say no more of a document than that they failed with it."""
    return status in (408, 429) or status >= 500


def is_transient(error: Exception) -> bool:
    """Whether the same request may work in a moment."""
    if isinstance(error, ApiError):
        return may_pass(error.meta.status)
    return isinstance(error, TransportError) and not isinstance(error, TlsError)


def explain(error: Exception) -> str:
    """One line: the type and reason that Elasticsearch gives, else what the client says."""
    if isinstance(error, ApiError):
        return f"{error.meta.status} {_cause(error.body) or error.message}"[:DETAIL]
    if isinstance(error, ConnectionTimeout):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"[:DETAIL]


def describe(cause: Any) -> str:
    """`mapper_parsing_exception: failed to parse: not a number` from an error object."""
    parts = []
    while isinstance(cause, dict):
        parts += [str(cause[key]) for key in ("type", "reason") if cause.get(key)]
        cause = cause.get("caused_by")
    return ": ".join(dict.fromkeys(parts))[:DETAIL]


def _cause(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    return describe(error) if isinstance(error, dict) else str(error or "")

"""The web, asked politely and within bounds. See README.md."""

from connectors.web.answer import WebResponse, http_date, retry_after
from connectors.web.client import WebClient, check_url, one_per_process, shared_client
from connectors.web.errors import PermanentWebError, Reason, TransientWebError, WebError
from connectors.web.options import WebOptions
from connectors.web.turns import by_turns

__all__ = [
    "PermanentWebError",
    "Reason",
    "TransientWebError",
    "WebClient",
    "WebError",
    "WebOptions",
    "WebResponse",
    "by_turns",
    "check_url",
    "http_date",
    "one_per_process",
    "retry_after",
    "shared_client",
]

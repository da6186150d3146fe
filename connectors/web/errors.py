"""Why a request brought no answer, in words few enough to count by."""

from typing import Literal

Reason = Literal[
    "bad_encoding",  # the body is not what Content-Encoding says
    "bad_url",  # no http or https address
    "connect",  # refused, reset or unreachable before an answer's head was there
    "incomplete",  # the connection broke within the body
    "protocol",  # the answer is no HTTP
    "refused_address",  # private, loopback, link-local, reserved, multicast
    "timeout",  # nothing came for too long
    "tls",  # no trusted connection
    "too_large",
    "too_many_redirects",
    "too_slow",  # something came all the time, but not within the total time
    "unresolved",  # the name has no address, or the resolver is away
]


class WebError(Exception):
    """There is no answer. `url` is the address last asked for."""

    def __init__(self, reason: Reason, url: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.url = url
        self.detail = detail

    def __reduce__(self) -> tuple[type["WebError"], tuple[Reason, str, str]]:
        return type(self), (self.reason, self.url, self.detail)


class TransientWebError(WebError):
    """May go well later: time-outs, broken connections, a resolver that is away."""


class PermanentWebError(WebError):
    """Will not go well until somebody changes something: too large, refused, in circles."""

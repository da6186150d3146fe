"""The way to a host: straight through the address guard, or through the environment's proxy."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from connectors.web.guard import (
    Deadline,
    GuardedBackend,
    RefusedAddress,
    allowed,
    literal,
)
from connectors.web.options import Network, WebOptions

Proxies = Mapping[str, str]
_IDLE = 20.0  # seconds a connection is kept for the next request


def environment_proxies() -> Proxies:
    """`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` (or in lower case), by scheme.

    Raises:
        ValueError: a proxy that is neither http nor https (SOCKS is not supported).
    """
    found = getproxies()
    proxies = {scheme: found.get(scheme) or found.get("all") or "" for scheme in ("http", "https")}
    for scheme, url in proxies.items():
        if url and urlsplit(_with_scheme(url)).scheme not in ("http", "https"):
            raise ValueError(f"the proxy for {scheme} is neither http nor https")
    return {scheme: _with_scheme(url) for scheme, url in proxies.items() if url}


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"http://{url}"


class Routes:
    """Connection pools, one for the direct way and one for each proxy. Thread-safe."""

    def __init__(self, options: WebOptions, deadline: Deadline, proxies: Proxies) -> None:
        self._networks = options.networks
        self._size = options.pool_size
        self._ssl = httpx.create_ssl_context()
        self._guarded = GuardedBackend(self._networks, deadline, check=True)
        self._unguarded = GuardedBackend((), deadline, check=False)
        self._direct = httpcore.ConnectionPool(
            ssl_context=self._ssl,
            max_connections=None,  # the limiter of hosts and the callers' pools bound them
            max_keepalive_connections=self._size,
            keepalive_expiry=_IDLE,
            network_backend=self._guarded,
        )
        self._proxied = {scheme: self._proxy(url) for scheme, url in proxies.items()}

    def _proxy(self, url: str) -> httpcore.HTTPProxy:
        parts = httpx.URL(url)
        proxy = httpx.Proxy(parts)
        return httpcore.HTTPProxy(
            proxy_url=str(proxy.url),
            proxy_auth=proxy.raw_auth,
            proxy_headers=list(proxy.headers.raw),
            ssl_context=self._ssl,
            max_connections=None,
            max_keepalive_connections=self._size,
            keepalive_expiry=_IDLE,
            network_backend=self._unguarded,
        )

    def pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        """The pool for a URL.

        Addresses inside the allowed networks and hosts of `NO_PROXY` are asked directly. A proxy
        resolves names itself, so that behind one only literal addresses can be checked here: it
        is the proxy that must not lead into private networks.

        Raises:
            RefusedAddress: a literal address that is not allowed.
        """
        address = literal(url.host)
        if address is not None:
            if not allowed(address, self._networks):
                raise RefusedAddress(url.host)
            if _inside(str(address), self._networks):
                return self._direct
        proxied = self._proxied.get(url.scheme)
        return self._direct if proxied is None or proxy_bypass(url.host) else proxied

    def close(self) -> None:
        self._direct.close()
        for pool in self._proxied.values():
            pool.close()


def _inside(text: str, networks: Iterable[Network]) -> bool:
    address = literal(text)
    return any(
        address is not None and address.version == net.version and address in net
        for net in networks
    )

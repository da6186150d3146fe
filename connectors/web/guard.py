"""Which addresses may be connected to, checked on the very address that is connected to.

A check before the request would be undone by a name that resolves otherwise a moment later (DNS
rebinding), so the check sits under the HTTP library, where the socket is opened.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast

import httpcore

from connectors.web.options import Network

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddress(Exception):
    """The name leads to an address that may not be asked."""


class Unresolved(Exception):
    """The name has no address now."""


class TooSlow(Exception):
    """The total time of the request is over."""


def allowed(address: Address, networks: Iterable[Network]) -> bool:
    """Public unicast addresses, and those inside `networks`."""
    address = _carried(address)
    if any(address.version == net.version and address in net for net in networks):
        return True
    odd = address.is_multicast or address.is_reserved or address.is_link_local
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not odd and not site_local


def _carried(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one: mapped (RFC 4291), 6to4 (3056), NAT64 (6052)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def literal(host: str) -> Address | None:
    """The address that a URL's host spells out; None for a name."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name.

    Raises:
        Unresolved: there is none, or the resolver does not answer.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved(f"{host}: {error}") from error
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class Deadline(threading.local):
    """When the calling thread's request must be through; under it every wait is cut short."""

    at: float = float("inf")

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic

    def left(self, timeout: float | None) -> float:
        """`timeout`, or what is left if that is less.

        Raises:
            TooSlow: nothing is left.
        """
        left = self.at - self._monotonic()
        if left <= 0:
            raise TooSlow("the total time is over")
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens sockets to allowed addresses only; every read and write keeps the deadline."""

    def __init__(self, networks: Iterable[Network], deadline: Deadline, *, check: bool) -> None:
        self._networks = tuple(networks)
        self._deadline = deadline
        self._check = check
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port)
        if self._check:
            refuse_private(host, addresses, self._networks)
        failed: Exception = Unresolved(host)
        for address in addresses:
            try:
                wait = self._deadline.left(timeout)
                stream = self._backend.connect_tcp(
                    address, port, wait, local_address, cast(Any, socket_options)
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


def refuse_private(host: str, addresses: Iterable[str], networks: Iterable[Network]) -> None:
    """A name with one address that is not allowed is refused altogether.

    Raises:
        RefusedAddress: naming the first such address.
    """
    for text in addresses:
        address = literal(text)
        if address is None or not allowed(address, networks):
            raise RefusedAddress(f"{host} leads to {text}")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: one byte a second is no way round it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._deadline.left(timeout)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

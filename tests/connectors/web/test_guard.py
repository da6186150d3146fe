"""No way leads into private networks."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from connectors.web import PermanentWebError, TransientWebError
from connectors.web.guard import allowed

REFUSED = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
    "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::", "::7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_private_and_odd_addresses_are_refused(address: str) -> None:
    assert not allowed(ip_address(address), ())


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert allowed(ip_address(address), ())


def test_a_network_can_be_allowed_and_only_that() -> None:
    networks = (ip_network("10.2.0.0/16"), ip_network("fd00::/64"))
    assert allowed(ip_address("10.2.9.9"), networks)
    assert allowed(ip_address("::ffff:10.2.9.9"), networks)
    assert allowed(ip_address("fd00::5"), networks)
    assert not allowed(ip_address("10.3.0.1"), networks)


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"]
)
def test_loopback_is_refused_however_it_is_written(host_port: int, make_client, name) -> None:
    with pytest.raises(PermanentWebError, match="refused_address"):
        make_client(allow_networks=()).get(f"http://{name}:{host_port}/")


@pytest.fixture
def host_port(host) -> Iterator[int]:
    host.put("/", b"secret")
    yield int(host.url.rpartition(":")[2])
    assert not host.asked


def test_a_redirect_into_a_private_network_is_refused(host, other_host, make_client) -> None:
    inside = other_host.put("/admin", b"secret")
    url = host.put("/", status=302, Location=inside)
    with pytest.raises(PermanentWebError, match="refused_address"):
        make_client(allow_networks=("127.0.0.1/32",)).get(url)
    assert not other_host.asked


def resolving(monkeypatch, *answers: list[str]) -> list[str]:
    """The resolver of this process gives one answer after the other; what it was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def lookup(name, port, *args, **kwargs):
        if name != "news.example":
            return real(name, port, *args, **kwargs)
        asked.append(name)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind(
    host, other_host, make_client, monkeypatch
) -> None:
    other_host.put("/", b"secret")
    host.put("/", b"public")
    asked = resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    port = host.url.rpartition(":")[2]
    client = make_client(allow_networks=("127.0.0.1/32",))
    assert client.get(f"http://news.example:{port}/").body == b"public"
    assert asked == ["news.example"]


def test_a_name_with_one_private_address_is_refused(host, make_client, monkeypatch) -> None:
    resolving(monkeypatch, ["127.0.0.1", "10.0.0.1"])
    port = host.url.rpartition(":")[2]
    with pytest.raises(PermanentWebError, match=r"10\.0\.0\.1"):
        make_client().get(f"http://news.example:{port}/")


def test_the_next_address_of_a_name_is_tried(other_host, make_client, monkeypatch) -> None:
    other_host.put("/", b"there")
    resolving(monkeypatch, ["127.0.0.1", "127.0.0.2"])
    port = other_host.url.rpartition(":")[2]
    assert make_client().get(f"http://news.example:{port}/").body == b"there"


def test_a_name_without_address_is_transient(make_client) -> None:
    with pytest.raises(TransientWebError, match="unresolved"):
        make_client().get("http://nowhere.invalid/")

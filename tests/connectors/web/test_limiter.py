"""Politeness towards one host, in simulated time."""

import pytest

from connectors.web.limiter import HostLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def begin(limiter: HostLimiter, host: str) -> None:
    with limiter.place(host):
        pass


def test_requests_to_one_host_keep_their_distance() -> None:
    clock = Clock()
    limiter = HostLimiter(2, 1.5, clock.sleep, clock)
    begin(limiter, "a")
    clock.now += 0.5
    begin(limiter, "a")
    begin(limiter, "a")
    assert clock.slept == [1.0, 1.5]


def test_other_hosts_and_late_requests_do_not_wait() -> None:
    clock = Clock()
    limiter = HostLimiter(2, 1.5, clock.sleep, clock)
    begin(limiter, "a")
    begin(limiter, "b")
    clock.now += 2
    begin(limiter, "a")
    assert clock.slept == []


def test_a_failed_request_gives_its_place_back() -> None:
    limiter = HostLimiter(1, 0)
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), limiter.place("a"):
            raise ValueError("x")


def test_hosts_are_forgotten_when_there_are_many() -> None:
    clock = Clock()
    limiter = HostLimiter(2, 1.0, clock.sleep, clock)
    for number in range(10_000):
        clock.now += 1
        begin(limiter, f"host{number}")
    assert len(limiter._hosts) <= 2048

"""Trying again: exponential waits with full jitter, up to a deadline."""

import time
from collections.abc import Callable
from typing import Any

from tenacity import Retrying, stop_before_delay, wait_random_exponential

from connectors.elasticsearch.options import Retries

Sleep = Callable[[float], None]


def retrying(options: Retries, sleep: Sleep = time.sleep, **more: Any) -> Retrying:
    """A tenacity `Retrying`; no attempt begins after the deadline."""
    return Retrying(
        wait=wait_random_exponential(multiplier=options.first, max=options.longest),
        stop=stop_before_delay(options.deadline),
        sleep=sleep,
        **more,
    )

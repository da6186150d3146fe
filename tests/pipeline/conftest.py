"""A paper to be swept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.conftest import serving
from tests.pipeline.paper import Paper


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with serving("127.0.0.1") as host:
        yield Paper(host, tmp_path)

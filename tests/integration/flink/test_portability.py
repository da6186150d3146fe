"""The whole graph, bounded, on embedded Flink: the same archive as from a local sweep.

Skipped, loudly, where Java, Maven or the right to make a network namespace is missing; not in CI.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.archive.open import open_archive
from tests.integration.elasticsearch.distribution import cache_folder
from tests.integration.flink.job_server import NoFlink, job_server_jar
from tests.test_end_to_end import dump

ROOT = Path(__file__).parents[3]
ALONE = ["unshare", "--net", "bash", "-c", 'ip link set lo up && exec "$@"', "alone"]


@pytest.fixture(scope="module")
def jar() -> Path:
    try:
        if subprocess.run([*ALONE, "true"], capture_output=True).returncode != 0:
            raise NoFlink("a network namespace cannot be made here (root, unshare, ip)")
        return job_server_jar(cache_folder())
    except NoFlink as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have Flink: {error}")
        pytest.skip(f"NO FLINK: {error}")


def swept(runner: str, jar: Path, folder: Path) -> str:
    url = f"sqlite:///{folder / runner}.db"
    command = [sys.executable, "-m", "tests.integration.flink.sweep", runner, str(jar), url]
    done = subprocess.run([*ALONE, *command], cwd=ROOT, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr[-4000:]
    return url


def test_flink_leaves_the_same_archive_as_a_local_sweep(jar: Path, tmp_path: Path) -> None:
    local, flink = (dump(open_archive(swept(name, jar, tmp_path))) for name in ("local", "flink"))
    assert local["articles"]
    assert local["claims"]
    assert local["developments"]
    for kind in local:
        assert flink[kind] == local[kind], kind

"""The whole graph, bounded, on embedded Flink: the same archive as from a local sweep, in a file
and in Elasticsearch.

Skipped, loudly, where Java, Maven or the right to make a network namespace is missing; not in CI.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.elasticsearch.distribution import cache_folder
from tests.integration.elasticsearch.server import parts
from tests.integration.flink.job_server import NoFlink, job_server_jar

Held = dict[str, dict[str, Any]]  # records by id, by kind
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


@pytest.fixture(scope="module")
def local(jar: Path, tmp_path_factory: pytest.TempPathFactory) -> Held:
    held = swept("local", "sqlite", jar, tmp_path_factory.mktemp("local"))
    assert held["articles"]
    assert held["claims"]
    assert held["developments"]
    return held


def swept(runner: str, archive: str, jar: Path, folder: Path) -> Held:
    """What the archive holds when the newsroom was swept on this runner."""
    out = folder / "dump.json"
    command = [sys.executable, "-m", "tests.integration.flink.sweep", runner, jar, archive, out]
    done = subprocess.run(
        [*ALONE, *map(str, command)], cwd=ROOT, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-4000:]
    held: Held = json.loads(out.read_text(encoding="utf-8"))
    return held


@pytest.mark.parametrize("archive", ["sqlite", "elasticsearch"])
def test_flink_leaves_the_same_archive_as_a_local_sweep(
    archive: str, jar: Path, local: Held, tmp_path: Path
) -> None:
    if archive == "elasticsearch":
        parts()
    flink = swept("flink", archive, jar, tmp_path)
    for kind in local:
        assert flink[kind] == local[kind], kind

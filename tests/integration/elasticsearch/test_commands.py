"""What the page on Elasticsearch tells operators to type: over TLS, each by the key of its role."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.connectors.conftest import serving
from tests.integration.elasticsearch.secured import SecuredNode
from tests.pipeline.paper import Paper, irrelevant, relevant

ROOT = Path(__file__).parents[3]
LONG = 300  # seconds until a command counts as hung


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with serving("127.0.0.1") as host:
        made = Paper(host, tmp_path)
        made.publish(relevant(1), irrelevant(2))
        yield made


def call(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)], cwd=ROOT, capture_output=True, text=True, timeout=LONG
    )


def parley(*arguments: object) -> str:
    done = call(sys.executable, "-m", "pipeline", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_role_can_type_its_commands(
    secured: SecuredNode, acting: Callable[[str], None], paper: Paper
) -> None:
    archive = ("--archive", f"{secured.url}/parley-commands")
    acting("parley_setup")
    assert len(parley("setup", *archive, "--json").splitlines()) == 9
    parley("setup", "--check", *archive)

    acting("parley_run")
    swept = json.loads(parley("run", "--feeds", paper.write_feeds(), "--once", "--json", *archive))
    assert swept["dispositions"] == {"indexed": 1, "irrelevant": 1}
    parley("replay", *archive)

    acting("parley_read")
    status = json.loads(parley("status", "--json", *archive))
    assert {one["disposition"] for one in status["dispositions"]} == {"indexed", "irrelevant"}
    assert "ceasefire" in parley("search", "ceasefire", "--kind", "claims", *archive)
    assert "entries" in parley("report", "--json", *archive)
    assert len(parley("export", "articles", *archive).splitlines()) == 1

    acting("parley_prune")
    parley("prune", "--before", "9999-12", "--force", *archive)
    acting("parley_read")
    assert parley("export", "articles", *archive) == ""


@pytest.mark.parametrize(
    ("feeds", "command"), [("", "tests.newsroom demo"), ("deploy/feeds.yaml", "parley run --feeds")]
)
def test_make_run_hands_the_archive_on(feeds: str, command: str) -> None:
    if shutil.which("make") is None:
        pytest.skip("NOT TESTED: make is not installed")
    address = "https://elastic.example:9200/press"
    lines = call("make", "--dry-run", "run", f"ARCHIVE={address}", f"FEEDS={feeds}").stdout
    (line,) = (one for one in lines.splitlines() if command in one)
    assert f'--archive "{address}"' in line

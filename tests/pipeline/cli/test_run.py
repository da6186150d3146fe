"""`parley run` as an operator starts it: a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from connectors.archive.open import open_archive
from tests.pipeline.cli.conftest import Parley
from tests.pipeline.paper import Paper, irrelevant, relevant

LONG = 120  # seconds until a process counts as hung


def command(paper: Paper, *more: object) -> list[str]:
    archive = f"sqlite:///{paper.folder / 'archive.db'}"
    fixed = ["run", "--feeds", paper.write_feeds(), "--archive", archive, "--dossier", "ukraine"]
    return [sys.executable, "-m", "pipeline", *map(str, [*fixed, *more])]


@contextmanager
def running(paper: Paper, *more: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(paper, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def done(paper: Paper, *more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(paper, *more), capture_output=True, text=True, timeout=LONG)


def wait_for(condition: object, what: str) -> None:
    assert callable(condition)
    until = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < until, f"no {what} in {LONG} s"
        time.sleep(0.1)


def entries(paper: Paper) -> dict[str, int]:
    file = paper.folder / "archive.db"
    if not file.exists():
        return {}
    archive = open_archive(f"sqlite:///{file}")
    try:
        return {name: count for (name, _), count in archive.dispositions().items()}
    finally:
        archive.close()


def test_one_sweep_gives_its_result_as_json_and_nothing_else(paper: Paper) -> None:
    paper.publish(relevant(1), irrelevant(2))
    ended = done(paper, "--once", "--json")
    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    assert result["dispositions"] == {"indexed": 1, "irrelevant": 1}
    assert result["seconds"] > 0


def test_json_logs_carry_the_sweep_and_the_article(paper: Paper) -> None:
    missing = relevant(1)
    paper.publish(missing)
    paper.host.put(f"/{missing.id}", b"", 404)
    ended = done(paper, "--once", "--log-format", "json")
    lines = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    (about,) = [line for line in lines if line["message"] == "page not read: gone"]
    assert about["article"]
    assert about["sweep"] == lines[-1]["sweep"] != ""


def test_sigterm_ends_a_waiting_run_cleanly(paper: Paper) -> None:
    paper.publish(relevant(1))
    with running(paper, "--interval", "1h") as process:
        wait_for(lambda: entries(paper).get("indexed"), "entry")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_sigterm_in_a_sweep_leaves_what_is_not_done_pending(paper: Paper) -> None:
    paper.publish(*(relevant(n) for n in range(60)))
    with running(paper, "--interval", "1h") as process:
        wait_for(lambda: entries(paper).get("pending"), "pending entry")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert sum(entries(paper).values()) == 60
    assert done(paper, "--once").returncode == 0
    assert "pending" not in entries(paper)
    assert sum(entries(paper).values()) == 60


def test_a_second_run_on_the_same_archive_names_the_first(paper: Paper) -> None:
    paper.publish(irrelevant(1))
    with running(paper, "--interval", "1h") as process:
        wait_for(lambda: entries(paper), "entry")
        second = done(paper, "--once")
    assert second.returncode == 3
    assert f"process {process.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_what_is_measured_is_served(paper: Paper) -> None:
    paper.publish(relevant(1), irrelevant(2))
    port = free_port()
    with running(paper, "--interval", "1h", "--metrics-port", port):
        wait_for(lambda: entries(paper).get("indexed"), "entry")
        wait_for(lambda: b"parley_sweeps_total" in scrape(port), "sweep counted")
        text = scrape(port).decode()
        health = json.loads(urlopen(f"http://127.0.0.1:{port}/healthz").read())
    assert 'parley_dispositions_total{disposition="indexed",reason=""} 1.0' in text
    assert 'parley_polls_total{feed="paper",outcome="read"} 1.0' in text
    assert 'parley_articles_total{dossier="ukraine",topic="ceasefire"} 1.0' in text
    assert health["ok"] is True


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def scrape(port: int) -> bytes:
    try:
        body: bytes = urlopen(f"http://127.0.0.1:{port}/metrics").read()
    except OSError:
        return b""
    return body


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--dossier", "atlantis"], "atlantis"),
        (["--dosier", "iran"], "--dosier"),
        (["--", "--dosier=iran"], "Beam has no option --dosier=iran"),
        (["--", "--streaming=perhaps"], "perhaps"),
        (["--json"], "--json goes with --once"),
        (["--", "--runner=FlinkRunner"], "--runner cannot be chosen"),
        (["--interval", "often"], "'often' is no duration"),
        (["--archive", "postgres://x"], "names no archive"),
        (["--feeds", "/nowhere/feeds.yaml"], "/nowhere/feeds.yaml: cannot be read"),
    ],
)
def test_a_wrong_command_line_is_told_at_once(
    parley: Parley, paper: Paper, more: list[str], said: str
) -> None:
    given = command(paper)[3:]
    ended = parley(*given, *more)
    assert ended.code in (2, 3)
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (paper.folder / "archive.db").exists()


def test_every_mistake_of_a_configuration_is_told_with_its_line(
    parley: Parley, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text(
        "web: {contact: me}\nfeeds:\n  - {name: a, url: x, publisher: a, kind: agency}\n"
    )
    ended = parley("run", "--once", "--feeds", file, "--archive", f"sqlite:///{tmp_path}/a.db")
    assert ended.code == 2
    assert f"{file}:1: web.contact: " in ended.err
    assert f"{file}:3: feeds[0].url: 'x' is no address" in ended.err


def test_a_full_disk_is_a_clear_error_and_the_next_run_goes_on(paper: Paper) -> None:
    """A limit on the size of files stands in for the disk: the same error from the system."""
    paper.publish(*(relevant(n) for n in range(30)))
    script = f"ulimit -f 150; exec {' '.join(command(paper, '--once'))}"
    ended = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=LONG,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("parley: ")
    assert done(paper, "--once").returncode == 0
    assert sum(entries(paper).values()) == 30
    assert "pending" not in entries(paper)


def test_a_killed_run_frees_its_archive(paper: Paper) -> None:
    paper.publish(irrelevant(1))
    with running(paper, "--interval", "1h") as process:
        wait_for(lambda: entries(paper), "entry")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert done(paper, "--once").returncode == 0

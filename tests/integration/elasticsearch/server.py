"""Elasticsearch nodes that tests start, kill, suspend and start again.

`running()` is what most tests want: the server that ELASTICSEARCH_URL names, else one node that
the whole test session shares. Nodes listen on loopback and run as an unprivileged user.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.integration.elasticsearch.distribution import (
    NoServer,
    cache_folder,
    installed,
    java_home,
)

START_SECONDS = 240
STOP_SECONDS = 60
ALONE = {"discovery.type": "single-node"}
OPEN = {"xpack.security.enabled": "false"}


@cache
def running() -> str:
    """The address of a server to use; whoever uses it works under a prefix of their own.

    Skips the test where there is none and none can be had; under CI that is a failure.
    """
    named = os.environ.get("ELASTICSEARCH_URL")
    if named:
        return named.rstrip("/")
    return node(quick=False).start().url


def node(settings: Mapping[str, str] | None = None, **more: Any) -> "Node":
    """A new node, not started yet; skips (fails under CI) where there can be none."""
    made = Node(*parts(), dict(settings if settings is not None else ALONE | OPEN), **more)
    atexit.register(made.remove)
    return made


def parts() -> tuple[Path, Path]:
    """Where Elasticsearch and its Java are; skips (fails under CI) where one cannot be had."""
    try:
        return installed(), java_home()
    except NoServer as error:
        if os.environ.get("CI"):
            pytest.fail(f"no Elasticsearch: {error}")
        pytest.skip(f"NOT TESTED against Elasticsearch: {error}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Node:
    """One node; its data stay between `stop` or `kill` and `start`, until `remove`.

    A `quick` node starts in two thirds of the time and is slow at its work.
    """

    def __init__(
        self,
        home: Path,
        java: Path,
        settings: dict[str, str],
        heap: str = "512m",
        quick: bool = True,
        scheme: str = "http",
        name: str = "node",
    ) -> None:
        self._home, self._java = home, java
        self._options = [
            f"-Xms{heap}",
            f"-Xmx{heap}",
            *(["-XX:TieredStopAtLevel=1"] if quick else []),
        ]
        self.port, self.transport_port, self.name = free_port(), free_port(), name
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.settings = settings
        nodes = cache_folder() / "nodes"
        nodes.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=nodes))
        for part in ("config/jvm.options.d", "data", "logs", "tmp"):
            (self.folder / part).mkdir(parents=True)

    def start(self) -> "Node":
        """Start and wait until it answers."""
        self._configure()
        self._hand_over()
        log = (self.folder / "start.log").open("wb")
        done = subprocess.run(
            [self._home / "bin/elasticsearch", "-d", "-p", str(self._pid_file)],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=START_SECONDS,
            **_unprivileged(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"Elasticsearch did not start:\n{self._tail()}")
        self._wait_until_up()
        return self

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def suspend(self) -> None:
        """Hang: connections are taken, nothing is answered."""
        os.kill(self._pid(), signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._pid(), signal.SIGCONT)

    def remove(self) -> None:
        if self.alive:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def alive(self) -> bool:
        try:
            os.kill(self._pid(), 0)
        except (OSError, ValueError):
            return False
        return str(self.folder) in Path(f"/proc/{self._pid()}/cmdline").read_text()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "pid"

    def _pid(self) -> int:
        return int(self._pid_file.read_text())

    def _end(self, number: signal.Signals) -> None:
        if not self.alive:
            return
        os.kill(self._pid(), number)
        deadline = time.monotonic() + STOP_SECONDS
        while self.alive:
            if time.monotonic() > deadline:
                raise RuntimeError(f"process {self._pid()} does not end")
            time.sleep(0.1)
        self._pid_file.unlink(missing_ok=True)

    def _configure(self) -> None:
        config = self.folder / "config"
        shutil.copy(self._home / "config/log4j2.properties", config)
        options = (self._home / "config/jvm.options").read_text().splitlines()
        (config / "jvm.options").write_text(
            "\n".join(line for line in options if "-Xlog:gc" not in line)
        )
        (config / "jvm.options.d/test.options").write_text("\n".join(self._options))
        settings = {
            "cluster.name": "parley-tests",
            "node.name": self.name,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": str(self.transport_port),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            # With the threshold off, every look at the disks lifts read_only_allow_delete from all
            # indices, also where a test has set it; the default is a look each 30 s.
            "cluster.info.update.interval": "24h",
            **self.settings,
        }
        lines = (f"{name}: {value}\n" for name, value in settings.items())
        (config / "elasticsearch.yml").write_text("".join(lines))

    def _environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if k not in ("JAVA_HOME", "ES_JAVA_OPTS")}
        return inherited | {
            "ES_JAVA_HOME": str(self._java),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder),
        }

    def _hand_over(self) -> None:
        """The folder goes to the user that the node runs as."""
        owner = _unprivileged()
        if owner:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, owner["user"], owner["group"])

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.alive or time.monotonic() > deadline:
                raise RuntimeError(f"Elasticsearch is not up:\n{self._tail()}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        context = ssl._create_unverified_context()
        health = f"{self.url}/_cluster/health?wait_for_no_initializing_shards=true&timeout=1s"
        try:
            urllib.request.urlopen(health, timeout=5, context=context)
        except urllib.error.HTTPError as error:
            return error.code == 401  # up, and asks who we are
        except OSError:
            return False
        return True

    def _tail(self) -> str:
        files = [self.folder / "start.log", self.folder / "logs/parley-tests.log"]
        return "".join(path.read_text()[-3000:] for path in files if path.exists())


def _unprivileged() -> dict[str, Any]:
    """Elasticsearch refuses to run as root."""
    if os.getuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}

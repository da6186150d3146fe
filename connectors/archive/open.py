"""Archives by address."""

import os
from pathlib import Path

from connectors.archive.protocol import Archive, ArchiveError, ArchiveUnavailable

_SQLITE = "sqlite:///"
_ELASTIC = ("https://", "http://", "elasticsearch+https://", "elasticsearch+http://")
_FORMS = (
    "write sqlite:///parley.db (a file beside you), sqlite:////var/lib/parley/parley.db "
    "(an absolute path) or https://elastic.example:9200 (a cluster)"
)


def is_elastic(url: str) -> bool:
    """Whether an address names a cluster."""
    return url.lower().startswith(_ELASTIC)


def absolute_url(url: str) -> str:
    """The address in full (paths absolute, ports and prefix named), so that any process finds the
    same archive.

    Raises:
        ArchiveError: there is no such kind of archive.
    """
    if is_elastic(url):
        from connectors.archive.elastic import parse_address

        return str(parse_address(url))
    scheme, path = url[: len(_SQLITE)], url[len(_SQLITE) :]
    if scheme.lower() != _SQLITE or not path:
        said = "what was given" if "@" in url else repr(url)  # it may hold a password
        raise ArchiveError(f"{said} names no archive; {_FORMS}")
    return f"{_SQLITE}{Path(path).expanduser().absolute()}"


def open_archive(url: str, *, create: bool = True) -> Archive:
    """Open the archive at an address; where there is none, make one if `create`.

    Raises:
        ArchiveError: no such kind of archive, or no right to make one.
        ArchiveMissing: nothing is there.
        ArchiveSchemaError: what is there is no archive, or a newer one.
        ArchiveUnavailable: it cannot be read or written.
    """
    if is_elastic(url):
        from connectors.archive.elastic import ElasticArchive, parse_address

        return ElasticArchive(parse_address(url), create=create)
    from connectors.archive.sqlite import SqliteArchive

    return SqliteArchive(_file(url), create=create)


def set_up_archive(url: str) -> list[str]:
    """Make what an archive needs; the names of what was made or renewed. Again is a no-op.

    Raises:
        ArchiveError: as `open_archive`.
    """
    if is_elastic(url):
        from connectors.archive.elastic import parse_address, schema, store

        with store.open_cluster(parse_address(url)) as cluster:
            return schema.set_up(cluster)
    missing = check_archive(url)
    open_archive(url).close()
    return missing


def check_archive(url: str) -> list[str]:
    """What `set_up_archive` would make or renew; nothing is changed.

    Raises:
        ArchiveError: as `open_archive`.
    """
    if is_elastic(url):
        from connectors.archive.elastic import parse_address, schema, store

        with store.open_cluster(parse_address(url)) as cluster:
            return schema.problems(cluster)
    from connectors.archive.sqlite import is_set_up

    path = _file(url)
    return [] if is_set_up(path) else [str(path)]


def check_ready(url: str) -> None:
    """Whether a run could begin here, with the archive that is there or one it would make; nothing
    is changed. More is asked than to read: a place to write, and the templates of months to come.

    Raises:
        ArchiveError: as `open_archive`.
    """
    if is_elastic(url):
        from connectors.archive.elastic import parse_address, schema, store

        with store.open_cluster(parse_address(url)) as cluster:
            if schema.is_set_up(cluster):  # else a run sets it up
                schema.check_templates(cluster)
        return
    path = _file(url)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise ArchiveUnavailable(f"{path} cannot be opened: is the folder there and writable?")
    if path.exists() and not os.access(path, os.W_OK):
        raise ArchiveUnavailable(f"{path} cannot be written")


def _file(url: str) -> Path:
    return Path(absolute_url(url).removeprefix(_SQLITE))

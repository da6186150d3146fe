"""Archives by address."""

from pathlib import Path

from connectors.archive.protocol import Archive, ArchiveError

_SQLITE = "sqlite:///"


def absolute_url(url: str) -> str:
    """The address with its path made absolute, so that any process finds the same archive.

    Raises:
        ArchiveError: there is no such kind of archive.
    """
    if not url.startswith(_SQLITE) or url == _SQLITE:
        raise ArchiveError(
            f"{url!r} names no archive; write sqlite:///parley.db (a file beside you) or "
            "sqlite:////var/lib/parley/parley.db (an absolute path)"
        )
    return f"{_SQLITE}{Path(url.removeprefix(_SQLITE)).expanduser().absolute()}"


def open_archive(url: str, *, create: bool = True) -> Archive:
    """Open the archive at an address; where there is none, make one if `create`.

    Raises:
        ArchiveError: no such kind of archive, or nothing there.
        ArchiveSchemaError: what is there is no archive, or a newer one.
        ArchiveUnavailable: it cannot be read or written.
    """
    from connectors.archive.sqlite import SqliteArchive

    return SqliteArchive(Path(absolute_url(url).removeprefix(_SQLITE)), create=create)

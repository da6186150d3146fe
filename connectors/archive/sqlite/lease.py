"""The lease of a run: a lock on a file beside the archive, which the system frees when it dies."""

import fcntl
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from connectors.archive.codec import storable, timestamp
from connectors.archive.protocol import ArchiveBusy, ArchiveUnavailable


class FileLease:
    """Held from construction to `__exit__` or the death of the process.

    The file stays when the lease is gone: to delete it would let two runs lock two files of the
    same name.
    """

    def __init__(self, path: Path, holder: str, now: datetime) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveUnavailable(f"{path} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            known = _noted(self._file)
            os.close(self._file)
            raise ArchiveBusy(known) from error
        except OSError as error:  # a file system without locks, for one
            os.close(self._file)
            raise ArchiveUnavailable(f"{path} cannot be locked: {error.strerror}") from error
        self._note(f"{holder}, since {timestamp(now)[:19]}Z\n")

    def renew(self, now: datetime) -> None:
        """The lock lasts as long as the process, unless somebody took its file away."""
        try:
            there = os.path.samestat(os.stat(self._path), os.fstat(self._file))
        except OSError:
            there = False
        if not there:
            raise ArchiveBusy(f"whoever removed {self._path}")

    def __enter__(self) -> "FileLease":
        return self

    def __exit__(self, *exc: object) -> None:
        self._note("")
        os.close(self._file)

    def _note(self, text: str) -> None:
        """Names the holder for others to read. A courtesy: a full disk must not end a run that
        may be about to free some."""
        with suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, storable(text).encode(), 0)


def _noted(file: int) -> str:
    try:
        return os.pread(file, 1000, 0).decode("utf-8", "replace").strip() or "another run"
    except OSError:
        return "another run"

"""The lease of a run: a lock on a file beside the archive, which the system frees when it dies."""

import fcntl
import os
from datetime import datetime
from pathlib import Path

from connectors.archive.protocol import ArchiveBusy, ArchiveUnavailable


class FileLease:
    """Held from construction to `__exit__` or the death of the process.

    The file stays when the lease is gone: to delete it would let two runs lock two files of the
    same name.
    """

    def __init__(self, path: Path, holder: str, now: datetime) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveUnavailable(f"{path} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            known = os.pread(self._file, 1000, 0).decode("utf-8", "replace").strip()
            os.close(self._file)
            raise ArchiveBusy(known or "another run") from error
        self._note(f"{holder}, since {now:%Y-%m-%d %H:%M:%S} UTC\n")

    def renew(self, now: datetime) -> None:
        """Nothing to do: the lock lasts as long as the process."""

    def __enter__(self) -> "FileLease":
        return self

    def __exit__(self, *exc: object) -> None:
        self._note("")
        os.close(self._file)

    def _note(self, text: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

"""Rows that `analyse` and `compare` read: JSON Lines or plain text, and the dossiers they name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.config import ConfigError
from pipeline.cli.common import CommandError
from pipeline.dossiers import Dossier, load_dossiers


class RowError(Exception):
    """A row that cannot be judged; the message becomes its `error`."""


def dossier_of(
    row: dict[str, Any], known: dict[str, Dossier], default: str | None = None
) -> Dossier:
    """The dossier a row names, loaded once.

    Raises:
        RowError: it names none, or one that cannot be loaded.
    """
    if "broken" in row:
        raise RowError(row["broken"])
    name = row.get("dossier", default)
    if not isinstance(name, str):
        raise RowError("`dossier` is missing or no string")
    if name not in known:
        try:
            known[name] = load_dossiers([name])[0]
        except ConfigError as error:
            raise RowError(str(error)) from error
    return known[name]


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Rows of a JSON Lines file: (line number from 1, the object, or why it is none).

    Raises:
        CommandError: the file cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _row(line)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error


def looks_like_rows(file: Path) -> bool:
    """Whether the first line with anything on it opens a JSON object."""
    return read_text(file, limit=4096).lstrip("\ufeff \t\r\n").startswith("{")


def read_text(file: Path, limit: int = -1) -> str:
    """The file's text; bytes that are no UTF-8 become U+FFFD.

    Raises:
        CommandError: the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(limit).decode("utf-8", "replace")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from error


def _row(line: bytes) -> dict[str, Any] | str:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"is not JSON: {error}"
    return value if isinstance(value, dict) else "is not a JSON object"

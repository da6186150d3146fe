"""Rows that `analyse` and `compare` read: JSON Lines or plain text, and the dossiers they name."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
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


def read_rows(
    path: Path, plain: Mapping[str, Any] | None = None
) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Rows of a JSON Lines file: (line number from 1, the object, or why it is none).

    Given `plain`, a file whose first line with anything on it opens no JSON object is one row:
    `plain` with the whole of the file as `text`, read as by `read_text`.

    Raises:
        CommandError: the file cannot be read at all.
    """
    try:
        with path.open("rb") as file:  # once: what was read of a pipe is not there again
            head = list(_beginning(file)) if plain is not None else []
            if plain is not None and not any(map(_opens_object, head)):
                yield 1, {**plain, "text": _text(b"".join(head) + file.read())}
                return
            for number, line in enumerate(chain(head, file), start=1):
                if line.strip():
                    yield number, _row(line)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error


def read_text(file: Path) -> str:
    """The file's text; bytes that are no UTF-8 become U+FFFD.

    Raises:
        CommandError: the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return _text(stream.read())
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from error


def _beginning(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines up to the first with anything on it."""
    for line in lines:
        yield line
        if _shown(line):
            return


def _opens_object(line: bytes) -> bool:
    return _shown(line).startswith("{")


def _shown(line: bytes) -> str:
    return _text(line).lstrip("\ufeff \t\r\n")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _row(line: bytes) -> dict[str, Any] | str:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"is not JSON: {error}"
    return value if isinstance(value, dict) else "is not a JSON object"

"""What the commands share: options by name, durations, output for people and for programs."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive
from connectors.config import span

ArchiveOption = Annotated[
    str,
    typer.Option(
        "--archive",
        envvar="PARLEY_ARCHIVE",
        help="Where everything is kept: sqlite:///FILE (relative), sqlite:////FILE (absolute) or "
        "https://HOST:9200[,HOST...][/PREFIX] (Elasticsearch).",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON object a line on standard output, nothing else.")
]
DossierOption = Annotated[
    list[str] | None,
    typer.Option(
        "--dossier",
        "-d",
        help="A built-in dossier (ukraine, iran, gaza) or a YAML file; may be repeated. "
        "Default: all built-in ones.",
    ),
]
ModelsOption = Annotated[
    Path | None,
    typer.Option(
        "--models",
        envvar="PARLEY_MODELS",
        help="Models of your own in the place of built-in ones, a YAML file (deploy/models.yaml).",
    ),
]
DEFAULT_ARCHIVE = "sqlite:///parley.db"


class CommandError(Exception):
    """What was asked cannot be done; the message says what would."""


def console() -> Console:
    """Standard output for people: as wide as the terminal, 120 columns where there is none.

    Texts come from the web, so nothing in them is taken for markup.
    """
    width = None if sys.stdout.isatty() else 120
    return _Console(width=width, highlight=False, markup=False, emoji=False)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """`main` tells what a reader that has gone means, as it does for `put_json`."""
        raise BrokenPipeError


def one_of(names: Sequence[str]) -> Callable[[str | None], str | None]:
    """What an option is checked by whose values are a fixed set."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in names:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(names)}")
        return value

    return check


def duration(text: str) -> timedelta:
    """`90s`, `5m`, `6h`, `7d`.

    Raises:
        typer.BadParameter: anything else.
    """
    found = span(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration; write 90s, 5m, 6h or 7d")
    return found


def moment(text: str) -> datetime:
    """`2026-03-01` or `2026-03-01T12:00:00Z`; without a zone it is UTC.

    Raises:
        typer.BadParameter: anything else.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-03-01") from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[Archive]:
    """An archive that is there, open, and closed whatever happens."""
    archive = open_archive(url, create=False)
    try:
        archive.refresh()
        yield archive
    finally:
        archive.close()


def put_json(value: Any) -> None:
    """One JSON line. Lone surrogates, which UTF-8 cannot carry, stay escaped."""
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")

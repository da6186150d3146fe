"""The command line as a whole: which commands there are, and what their exit codes mean."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from connectors.archive.protocol import ArchiveBusy, ArchiveError
from connectors.config import ConfigError
from models import ModelError
from pipeline.cli import analyse, check, compare, evaluate, look, run, setup, train, upkeep
from pipeline.cli.common import CommandError
from pipeline.options import OptionsError


class ReaderGone(Exception):
    """Who read standard output (head, less) reads no more."""


class Commands(TyperGroup):
    """Tells a closed pipe apart, which typer would make exit code 1 of."""

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()  # here, since an error at the interpreter's end is past help
        except BrokenPipeError as error:
            raise ReaderGone from error


app = typer.Typer(
    name="parley",
    cls=Commands,
    help=(
        "A streaming news monitor for negotiations: who takes which stance, and what is new.\n\n"
        "Exit codes: 0 done; 1 something was found wrong or a sweep failed; 2 the command line, a "
        "configuration or a file cannot be used; 3 the archive cannot be used or is held by "
        "another run."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (setup, run, look, analyse, compare, evaluate, upkeep, check, train):
    module.register(app)


def main() -> None:
    """Entry point: errors that people can mend are one line on standard error, not a traceback."""
    try:
        app()
    except (ConfigError, OptionsError, CommandError, ModelError) as error:
        _fail(str(error), 2)
    except ArchiveBusy as error:
        _fail(f"{error}; a run holds its archive alone", 3)
    except ArchiveError as error:
        _fail(str(error), 3)
    except ReaderGone:  # no error; what is still buffered has to go somewhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(message: str, code: int) -> None:
    print(f"parley: {message}", file=sys.stderr)
    sys.exit(code)

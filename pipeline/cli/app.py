"""The command line as a whole: which commands there are, and what their exit codes mean."""

import sys

import typer

from connectors.archive.protocol import ArchiveBusy, ArchiveError
from connectors.config import ConfigError
from pipeline.cli import analyse, check, compare, evaluate, look, run, setup, train, upkeep
from pipeline.cli.common import CommandError
from pipeline.options import OptionsError

app = typer.Typer(
    name="parley",
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
    except (ConfigError, OptionsError, CommandError) as error:
        _fail(str(error), 2)
    except ArchiveBusy as error:
        _fail(f"{error}; a run holds its archive alone", 3)
    except ArchiveError as error:
        _fail(str(error), 3)
    except BrokenPipeError:
        sys.stderr.close()  # the reader (head, less) has gone; that is no error
        sys.exit(0)


def _fail(message: str, code: int) -> None:
    print(f"parley: {message}", file=sys.stderr)
    sys.exit(code)

"""`parley train`: the programs that the models were made with, by one name."""

import importlib
import sys
from collections.abc import Callable

import typer

from models.errors import DataError
from pipeline.cli.common import CommandError

HELP = """Train the models anew: in a checkout of the sources, with the extras `train` and `torch`.

pip install -e '.[train,torch]' installs both. What follows the name of a program is the program's
own: parley train multitask --help lists it. models/CARD.md tells which files the models that ship
were made of, and how what comes out becomes what ships.
"""
PROGRAMS = {
    "multitask": (
        "models.train.multitask",
        "Topics, outlook, claim and positions, or how right they are in cross-validation.",
    ),
    "measure": (
        "models.train.multitask_measure",
        "How right a trained multitask net is on real sentences that nothing is trained on.",
    ),
    "novelty": (
        "models.train.novelty_decision",
        "The decision of novelty: how what the rules find is weighed.",
    ),
    "pretrain": (
        "models.train.pretrain",
        "What the multitask model starts from: reading which text follows from which.",
    ),
    "draw": (
        "models.train.draw",
        "Draw sentences of articles for readers to label; needs no extra.",
    ),
}
EXTRAS = ("onnx", "safetensors", "sklearn", "torch")
AS_THEY_ARE = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    programs = typer.Typer(help=HELP, no_args_is_help=True)
    for name, (module, help_) in PROGRAMS.items():
        command = programs.command(
            name, help=help_, add_help_option=False, context_settings=AS_THEY_ARE
        )
        command(_running(name, module))
    app.add_typer(programs, name="train")


def _running(name: str, module: str) -> Callable[[typer.Context], None]:
    def run(context: typer.Context) -> None:
        try:
            program = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if "--help" in context.args:
                typer.echo(context.get_help())
            raise _lacking(name, module, error) from error
        sys.argv = [f"parley train {name}", *context.args]
        try:
            program.main()
        except (OSError, DataError) as error:
            raise CommandError(str(error)) from error

    return run


def _lacking(name: str, module: str, error: ModuleNotFoundError) -> Exception:
    """What to install; the error itself where nothing that can be installed is missing."""
    missing = error.name or ""
    if missing in ("models.train", module):
        return CommandError(
            f"train {name} runs in a checkout of the sources: there is no models/train here"
        )
    if missing.partition(".")[0] in EXTRAS:
        return CommandError(
            f"train {name} needs {missing}, which is not installed: "
            "pip install -e '.[train,torch]' in a checkout of the sources"
        )
    return error

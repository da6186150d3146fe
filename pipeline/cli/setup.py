"""`parley setup`: make what an archive needs before the first run."""

from typing import Annotated

import typer

from connectors.archive.open import check_archive, set_up_archive
from pipeline.cli.common import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, console, put_json


def register(app: typer.Typer) -> None:
    app.command()(setup)


def setup(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is missing or stale; exit 1 if any is.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Make or renew what an archive needs: index templates and indices, or the file.

    Needs the role parley_setup in Elasticsearch; runs do with parley_run afterwards.
    """
    names = check_archive(archive) if check else set_up_archive(archive)
    state = "missing or stale" if check else "made"
    for name in names:
        if json_:
            put_json({"name": name, "state": state})
        else:
            console().print(f"{state}: {name}")
    if not names and not json_:
        console().print("nothing to do: the archive is set up")
    if check and names:
        raise typer.Exit(1)

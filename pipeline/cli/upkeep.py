"""`parley replay`, `prune`, `doctor`: keeping an archive in order."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CommandError,
    DossierOption,
    JsonOption,
    ModelsOption,
    console,
    opened,
    put_json,
)
from pipeline.clock import utc_now
from pipeline.doctor import examine
from pipeline.follow import leased
from pipeline.replay import replay_letters
from pipeline.resolve.recall import Policy


def register(app: typer.Typer) -> None:
    for command in (replay, prune, doctor):
        app.command()(command)


def replay(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    reason: Annotated[str | None, typer.Option(help="Only letters with this reason.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only letters of this stage.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
    json_: JsonOption = False,
) -> None:
    """Put dead letters back to pending; the next sweep tries them again.

    Stop the run first: it holds the archive alone. (`--dry-run` only reads and works beside it.)
    A letter without an entry (a feed that was no feed) is not replayed: its feed is polled anyway.
    """
    now = utc_now()
    if dry_run:
        with opened(archive) as store:
            replayed = replay_letters(store, now, reason=reason, stage=stage, dry_run=True)
    else:
        with leased(archive, now, create=False, command="replay") as (store, _):
            store.refresh()
            replayed = replay_letters(store, now, reason=reason, stage=stage)
    if json_:
        for letter in replayed:
            put_json({"id": letter.id, "stage": letter.stage, "reason": letter.reason})
    else:
        verb = "would be" if dry_run else "are"
        console().print(f"{len(replayed)} dead letters {verb} pending again")


def prune(
    before: Annotated[
        datetime, typer.Option(formats=["%Y-%m"], help="Delete the months before this one.")
    ],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    force: Annotated[
        bool, typer.Option("--force", help="Also months that novelty is still judged against.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Delete whole months of articles, claims, positions, developments and dead letters.

    Stop the run first: it holds the archive alone.
    An article is of the month in which it was first seen; one that has changed since stays.
    Identities stay, so that an old entry that a feed still shows is not taken for a new one.
    """
    now, horizon, month = utc_now(), Policy().horizon, f"{before:%Y-%m}"
    last = f"{now - horizon:%Y-%m}"
    if month > last and not force:
        raise CommandError(
            f"--before {month}: novelty is judged against the last {horizon.days} days, which "
            f"--before {last} leaves whole; --force deletes them"
        )
    with leased(archive, now, create=False, command="prune") as (store, _):
        deleted = store.prune(month)
    if json_:
        put_json(deleted)
    else:
        console().print(", ".join(f"{count} {kind}" for kind, count in deleted.items()), "deleted")


def doctor(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    dossier: DossierOption = None,
    models: ModelsOption = None,
    feeds: Annotated[
        Path | None,
        typer.Option(envvar="PARLEY_FEEDS", help="Check this file of feeds, too; none is asked."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Check that this installation can work: models, dossiers, archive. Exit 1 if one cannot."""
    findings = examine(archive, dossier, models, feeds)
    for finding in findings:
        if json_:
            put_json(finding)
        else:
            mark = "ok  " if finding.ok else "FAIL"
            console().print(f"{mark}  {finding.what}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)

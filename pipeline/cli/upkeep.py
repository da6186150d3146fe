"""`parley replay`, `prune`, `doctor`: keeping an archive in order."""

from datetime import datetime
from typing import Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    DossierOption,
    JsonOption,
    ModelsOption,
    console,
    put_json,
)
from pipeline.clock import utc_now
from pipeline.doctor import examine
from pipeline.follow import leased
from pipeline.replay import replay_letters


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

    A letter without an entry (a feed that was no feed) is not replayed: its feed is polled anyway.
    """
    with leased(archive, utc_now(), create=False) as (store, _):
        store.refresh()
        replayed = replay_letters(store, utc_now(), reason=reason, stage=stage, dry_run=dry_run)
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
    json_: JsonOption = False,
) -> None:
    """Delete whole months of articles, claims, positions, developments and dead letters.

    Identities stay, so that an old entry that a feed still shows is not taken for a new one.
    """
    with leased(archive, utc_now(), create=False) as (store, _):
        deleted = store.prune(f"{before:%Y-%m}")
    if json_:
        put_json(deleted)
    else:
        console().print(", ".join(f"{count} {kind}" for kind, count in deleted.items()), "deleted")


def doctor(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    dossier: DossierOption = None,
    models: ModelsOption = None,
    json_: JsonOption = False,
) -> None:
    """Check that this installation can work: models, dossiers, archive. Exit 1 if one cannot."""
    findings = examine(archive, dossier, models)
    for finding in findings:
        if json_:
            put_json(finding)
        else:
            mark = "ok  " if finding.ok else "FAIL"
            console().print(f"{mark}  {finding.what}: {finding.detail}", markup=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)

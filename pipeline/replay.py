"""Dead letters back into the way of an article."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import cast

from connectors.archive.documents import DeadLetter
from connectors.archive.protocol import Archive


def replay_letters(
    archive: Archive,
    now: datetime,
    *,
    reason: str | None = None,
    stage: str | None = None,
    dry_run: bool = False,
) -> list[DeadLetter]:
    """Make the entries of matching letters pending again, and date the letters as replayed.

    Entries first: a run killed in between replays the rest again, which changes nothing. A letter
    whose entry is not a dead letter any more has been replayed before; one whose entry has lost
    its text with its month (`prune`) has nothing left to be tried.
    """
    chosen = [
        letter
        for letter in _letters(archive)
        if letter.intake_id is not None
        and (reason is None or letter.reason == reason)
        and (stage is None or letter.stage == stage)
    ]
    known = archive.intake([cast("str", letter.intake_id) for letter in chosen])
    dead = [
        letter
        for letter in chosen
        if (entry := known.get(cast("str", letter.intake_id))) is not None
        and entry.disposition == "dead_letter"
        and (entry.title or entry.summary or entry.content)
    ]
    if not dry_run:
        for letter in dead:
            archive.dispose(cast("str", letter.intake_id), "pending", "", now)
        archive.write([replace(letter, replayed_at=now) for letter in dead])
    return dead


def _letters(archive: Archive) -> Iterator[DeadLetter]:
    return cast("Iterator[DeadLetter]", archive.export("dead_letters"))

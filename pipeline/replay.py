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
    """Make the entries of matching letters pending again, and date their letters as replayed.

    One letter for each entry is returned. A letter counts until it is dated: an entry that fails
    again writes another, or the same without a date. Entries first, letters then: a run killed in
    between leaves letters without a date whose entry is no dead letter until it fails again. An
    entry that has lost its text with its month (`prune`) has nothing left to be tried.
    """
    undated = [
        letter
        for letter in _letters(archive)
        if letter.intake_id is not None and letter.replayed_at is None
    ]
    chosen = {
        cast("str", letter.intake_id): letter
        for letter in undated
        if (reason is None or letter.reason == reason) and (stage is None or letter.stage == stage)
    }
    known = archive.intake(list(chosen))
    dead = {
        id_: letter
        for id_, letter in chosen.items()
        if (entry := known.get(id_)) is not None
        and entry.disposition == "dead_letter"
        and (entry.title or entry.summary or entry.content)
    }
    if not dry_run:
        for id_ in dead:
            archive.dispose(id_, "pending", "", now)
        archive.write(
            [replace(letter, replayed_at=now) for letter in undated if letter.intake_id in dead]
        )
    return list(dead.values())


def _letters(archive: Archive) -> Iterator[DeadLetter]:
    return cast("Iterator[DeadLetter]", archive.export("dead_letters"))

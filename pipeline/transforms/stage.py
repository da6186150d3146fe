"""What all stages share: timing, and a second output for what could not be processed.

Bad input must not fail a sweep, nor must a bug that one article brings out: a pending entry that
raises would raise in every sweep from then on. So whatever an element raises makes it a dead
letter (reason `bug` if no stage expected it), except trouble with the archive itself, which
fails the sweep and leaves its entries pending.
"""

import json
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import apache_beam as beam

from connectors.archive.documents import DeadLetter, Intake
from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive, ArchiveError
from pipeline import metrics
from pipeline.options import Settings
from pipeline.records import Failure
from pipeline.resolve.ids import dead_letter_id

FAILED = "failed"
STAGES = ("read_feeds", "gate", "fetch_pages", "analyse", "resolve", "write")
E = TypeVar("E")


class Rejected(Exception):
    """A stage knows that it cannot process an element; `reason` is a word from a small set."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class ArchiveDoFn(beam.DoFn):
    """A DoFn with an archive of its own, open from `setup()` to `teardown()`."""

    archive: Archive

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def setup(self) -> None:
        self.archive = open_archive(self.settings.archive_url)

    def teardown(self) -> None:
        self.archive.close()


class StageDoFn(beam.DoFn, Generic[E]):
    """A DoFn whose elements each bring an intake entry; subclasses say how in `intake_of`."""

    stage: str

    def handle(self, element: E) -> Iterable[Any]:
        raise NotImplementedError

    def intake_of(self, element: E) -> Intake:
        return element.intake  # type: ignore[attr-defined,no-any-return]

    def process(self, element: E) -> Iterator[Any]:
        with timed(self.stage):
            try:
                results = list(self.handle(element))
            except ArchiveError:
                raise
            except Exception as error:
                failure = failure_of(self.stage, self.intake_of(element), error)
                results = [beam.pvalue.TaggedOutput(FAILED, failure)]
        yield from results


@dataclass(slots=True)
class timed:
    """Observe the seconds of a block as those of a stage."""

    stage: str
    started: float = 0.0

    def __enter__(self) -> None:
        self.started = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        metrics.STAGE_SECONDS.labels(self.stage).observe(time.perf_counter() - self.started)


def failure_of(stage: str, intake: Intake, error: Exception) -> Failure:
    """What becomes of an entry that a stage could not process."""
    bug = "" if isinstance(error, Rejected) else type(error).__name__
    return Failure(letter_for(stage, intake, error), intake.article_id, bug)


def letter_for(stage: str, intake: Intake, error: Exception) -> DeadLetter:
    """The dead letter of an entry: its reason, the error, and the entry as it was."""
    expected = isinstance(error, Rejected)
    detail = str(error) if expected else "".join(traceback.format_exception(error)[-3:])
    return DeadLetter(
        id=dead_letter_id(stage, intake.id),
        month=intake.month,
        stage=stage,
        reason=error.reason if isinstance(error, Rejected) else "bug",
        error=detail[:4000],
        feed=intake.feed,
        intake_id=intake.id,
        payload=json.dumps(asdict(intake), default=_json, ensure_ascii=True)[:100_000],
        first_seen_at=intake.first_seen_at,
    )


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

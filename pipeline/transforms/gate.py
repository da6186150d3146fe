"""Gate before fetch: title and lead decide whether an entry bears on any dossier."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from connectors.archive.documents import Intake
from pipeline.dossiers import Dossier
from pipeline.gate import lead_of, passing
from pipeline.language import unsupported
from pipeline.records import Candidate, Ending
from pipeline.transforms.stage import FAILED, StageDoFn

ENDED = "ended"


class Gate(beam.PTransform):
    """Pending entries in; outputs `passed` (Candidate), `ended` (Ending) and `failed`."""

    def __init__(self, dossiers: tuple[Dossier, ...]) -> None:
        super().__init__()
        self._dossiers = dossiers

    def expand(self, entries: beam.PCollection) -> Any:
        return entries | "Decide" >> beam.ParDo(_Decide(self._dossiers)).with_outputs(
            ENDED, FAILED, main="passed"
        )


class _Decide(StageDoFn[Intake]):
    stage = "gate"

    def __init__(self, dossiers: tuple[Dossier, ...]) -> None:
        self._dossiers = dossiers

    def intake_of(self, element: Intake) -> Intake:
        return element

    def handle(self, element: Intake) -> Iterator[Any]:
        lead = lead_of(element.summary, element.content)
        language = unsupported(f"{element.title}. {lead}")
        if language is not None:
            yield _ended(element, "unsupported_language", language)
            return
        names, reason = passing(self._dossiers, element.title, lead)
        if names:
            yield Candidate(element, names)
        else:
            yield _ended(element, "irrelevant", reason)


def _ended(entry: Intake, disposition: Any, reason: str) -> beam.pvalue.TaggedOutput:
    return beam.pvalue.TaggedOutput(ENDED, Ending(entry, disposition, reason))

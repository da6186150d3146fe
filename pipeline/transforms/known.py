"""Known before work: what has its disposition already goes no further."""

from collections.abc import Iterator

import apache_beam as beam

from connectors.archive.documents import Intake
from pipeline import metrics


class Known(beam.PTransform):
    """Intake entries in; those that are still pending out. The others were judged before."""

    def expand(self, entries: beam.PCollection) -> beam.PCollection:
        return entries | "DropKnown" >> beam.ParDo(_DropKnown()).with_output_types(Intake)


class _DropKnown(beam.DoFn):
    def process(self, entry: Intake) -> Iterator[Intake]:
        if entry.disposition == "pending":
            yield entry
        else:
            metrics.UNCHANGED.inc()

"""Resolve: a sweep is one group, judged in the explicit order."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from connectors.archive.protocol import Archive, ArchiveError
from models.novelty.decision import shipped_decision
from models.similarity import text_hash
from pipeline.options import Settings
from pipeline.records import Analysed, Ending, Failure
from pipeline.resolve.memory import Memory
from pipeline.resolve.recall import recall
from pipeline.resolve.resolve import Context, resolve, settle
from pipeline.transforms.stage import FAILED, ArchiveDoFn, failure_of, timed

STAGE = "resolve"


class Resolve(beam.PTransform):
    """Analysed articles in; outputs `ended` (Ending, nothing written yet) and `failed`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, articles: beam.PCollection) -> Any:
        return (
            articles
            | "OneGroup" >> beam.WithKeys("sweep")
            | "Gather" >> beam.GroupByKey()
            | "Judge"
            >> beam.ParDo(_ResolveGroup(self._settings)).with_outputs(FAILED, main="ended")
        )


class _ResolveGroup(ArchiveDoFn):
    def process(self, group: tuple[str, Iterable[Analysed]]) -> Iterator[Any]:
        with timed(STAGE):
            endings, failures = resolve_group(self.archive, group[1], self.settings)
        yield from endings
        for failure in failures:
            yield beam.pvalue.TaggedOutput(FAILED, failure)


def resolve_group(
    archive: Archive, articles: Iterable[Analysed], settings: Settings
) -> tuple[list[Ending], list[Failure]]:
    """Judge articles in order, each against the archive and those of the group before it."""
    context = Context(settings.subjects, settings.warm_from, settings.policy, shipped_decision())
    memory, endings, failures = Memory(), [], []
    for article in sorted(articles, key=lambda one: one.order):
        try:
            prior = recall(archive, article, text_hash(article.reading.text), settings.policy)
            ending, memory = resolve(memory, article, prior, context)
            endings.append(ending)
        except ArchiveError:
            raise
        except Exception as error:
            failures.append(failure_of(STAGE, article.reading.intake, error))
    return settle(endings), failures

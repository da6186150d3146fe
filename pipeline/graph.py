"""The whole graph on one page: the way of an article from its feed to its disposition.

    ReadFeeds ─► Known ─► Gate ─► FetchPages ─► Analyse ─► Resolve ─► WriteArchive
        └──────────┴────────┴─────────┴────────────┴──────────┴────────────┴──► WriteDeadLetters

Every element that enters at ReadFeeds leaves by exactly one disposition, written last.
"""

import apache_beam as beam

from pipeline.options import Settings
from pipeline.transforms.analyse import Analyse
from pipeline.transforms.fetch_pages import FetchPages
from pipeline.transforms.gate import ENDED, Gate
from pipeline.transforms.known import Known
from pipeline.transforms.read_feeds import ReadFeeds
from pipeline.transforms.resolve import Resolve
from pipeline.transforms.stage import FAILED
from pipeline.transforms.write_archive import WriteArchive, WriteDeadLetters


def build(root: beam.Pipeline, settings: Settings) -> None:
    """Apply the stages to a pipeline. The names are stable: a running stream is updated by them."""
    read = root | "ReadFeeds" >> ReadFeeds(settings)
    gate = read.entries | "Known" >> Known() | "Gate" >> Gate(settings.dossiers)
    pages = gate.passed | "FetchPages" >> FetchPages(settings)
    analysed = pages.readings | "Analyse" >> Analyse(settings.dossiers, settings.engine)
    resolved = analysed.analysed | "Resolve" >> Resolve(settings)

    endings = (gate[ENDED], resolved.ended) | "Endings" >> beam.Flatten()
    # Nothing is written before everything is judged: memory is the archive as the sweep found it.
    written = endings | "Settle" >> beam.Reshuffle() | "WriteArchive" >> WriteArchive(settings)

    stages = (read, gate, pages, analysed, resolved, written)
    failures = [stage[FAILED] for stage in stages] | "Failures" >> beam.Flatten()
    failures | "WriteDeadLetters" >> WriteDeadLetters(settings)

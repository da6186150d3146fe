"""WriteArchive and DeadLetters: documents first, the disposition last."""

import logging
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from connectors.archive.checks import rejection
from connectors.archive.documents import (
    Article,
    Claim,
    Development,
    Disposition,
    Document,
    Position,
)
from connectors.archive.protocol import DocumentRejected
from pipeline import metrics
from pipeline.options import Settings
from pipeline.records import Ending, Failure
from pipeline.transforms.stage import FAILED, ArchiveDoFn, Rejected, StageDoFn, timed

log = logging.getLogger(__name__)
NAMESPACE = "parley"
STAGE = "write"


class WriteArchive(beam.PTransform):
    """Endings in; writes documents, then the commit mark. Outputs: `written` (none), `failed`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, endings: beam.PCollection) -> Any:
        write = beam.ParDo(_WriteEnding(self._settings))
        return endings | "Write" >> write.with_outputs(FAILED, main="written")


class WriteDeadLetters(beam.PTransform):
    """Failures in; each becomes a stored dead letter, its entry ends as `dead_letter`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, failures: beam.PCollection) -> beam.PCollection:
        return failures | "Write" >> beam.ParDo(_WriteFailure(self._settings))


class _Writer(ArchiveDoFn):
    def commit(self, intake_id: str, disposition: Disposition, reason: str) -> None:
        """The commit mark, and everything that is counted once for an entry."""
        self.archive.dispose(intake_id, disposition, reason, self.settings.now)
        metrics.DISPOSITIONS.labels(disposition, reason).inc()
        Metrics.counter(NAMESPACE, f"disposition:{disposition}").inc()


class _WriteEnding(_Writer, StageDoFn[Ending]):
    stage = STAGE

    def handle(self, element: Ending) -> Iterator[Any]:
        # Where one can never be stored, nothing else of the article may be seen, nor an earlier
        # revision be marked: so the others are looked at before the article is written, and that by
        # itself, since what only the store finds out is most likely its long text.
        first, rest = element.documents[:1], element.documents[1:]
        found = {one.id: reason for one in rest if (reason := rejection(one))}
        try:
            if found:
                raise DocumentRejected(found)
            self.archive.write(first)
            if rest:
                self.archive.write(rest)
        except DocumentRejected as error:
            raise Rejected("document_rejected", str(error)) from error
        self.commit(element.intake.id, element.disposition, element.reason)
        for document in element.documents:
            count(document, element)
        yield from ()


class _WriteFailure(_Writer):
    """No stage: it has no second output, so that what it raises fails the sweep."""

    def process(self, failure: Failure) -> Iterator[Any]:
        letter = failure.letter
        with timed(STAGE):
            self.archive.write([letter])
            metrics.DEAD_LETTERS.labels(letter.stage, letter.reason).inc()
            if letter.intake_id is not None:
                self.commit(letter.intake_id, "dead_letter", letter.reason)
        tell(failure)
        yield from ()


def tell(failure: Failure) -> None:
    """One line in the log; where a bug was hit, its traceback is in the letter."""
    letter = failure.letter
    log.log(
        logging.ERROR if letter.reason == "bug" else logging.WARNING,
        "dead letter %s of feed %s: %s, %s%s",
        letter.id,
        letter.feed,
        letter.stage,
        letter.reason,
        f" ({failure.bug})" if failure.bug else "",
        extra={"article": failure.article},
    )


def count(document: Document, ending: Ending) -> None:
    """Count what was written for the first time by this ending; marks on old records are not, nor
    is a copy an article."""
    if isinstance(document, Article) and _is_own_report(document, ending):
        for dossier in document.dossiers:
            for topic in document.topics or ("none",):
                metrics.ARTICLES.labels(dossier, topic).inc()
    elif isinstance(document, Claim) and _is_own(document, ending):
        for topic in document.topics or ("none",):
            metrics.CLAIMS.labels(document.dossier, topic, document.novelty).inc()
    elif isinstance(document, Position) and _is_own(document, ending):
        metrics.POSITIONS.labels(
            document.dossier, document.topic, document.party, document.stance
        ).inc()
    elif isinstance(document, Development):
        Metrics.counter(NAMESPACE, "developments").inc()
        metrics.DEVELOPMENTS.labels(
            document.dossier, document.topic, document.party or "none", document.kind
        ).inc()


def _is_own_report(document: Article, ending: Ending) -> bool:
    return document.id == ending.intake.id and document.copy_of is None


def _is_own(document: Claim | Position, ending: Ending) -> bool:
    """What an attempt before left behind has the order of this one, and its mark."""
    mine = ending.intake
    return document.order == mine.order and document.superseded_by != mine.id

"""FetchPages: the full text of what passed, or the feed's own where the page gives none."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apache_beam as beam

from connectors.archive.protocol import ArchiveError
from connectors.feeds import url_key
from connectors.pages import Page, PageFetcher, PageProblem, shared_fetcher
from connectors.web import by_turns
from pipeline import metrics
from pipeline.options import Settings
from pipeline.records import Candidate, Failure, Reading
from pipeline.transforms.stage import FAILED, ArchiveDoFn, Rejected, failure_of, timed

STAGE = "fetch_pages"
BATCH = 512  # candidates that hosts take turns in
log = logging.getLogger(__name__)


class FetchPages(beam.PTransform):
    """Candidates in; outputs `readings` (Reading) and `failed`.

    Batches, since the local runner is serial and pages are worth fetching side by side, hosts by
    turns; the limiter of requests per host and what is known of robots.txt are the process's, not
    a sweep's. What is not asked for within `page_deadline` stays pending: a host that is slow to
    answer must not keep what all others brought from its end.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, candidates: beam.PCollection) -> Any:
        return (
            candidates
            | "Spread" >> beam.Reshuffle()
            | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH)
            | "Fetch" >> beam.ParDo(_Fetch(self._settings)).with_outputs(FAILED, main="readings")
        )


class _Fetch(ArchiveDoFn):
    fetcher: PageFetcher
    pool: ThreadPoolExecutor
    until: float

    def setup(self) -> None:
        super().setup()
        web = self.settings.feeds.web
        self.fetcher = shared_fetcher(web)
        self.pool = ThreadPoolExecutor(web.pool_size, thread_name_prefix="pages")

    def start_bundle(self) -> None:
        self.until = time.monotonic() + self.settings.page_deadline

    def teardown(self) -> None:
        self.pool.shutdown()
        super().teardown()

    def process(self, batch: list[Candidate]) -> Iterator[Any]:
        put_off = 0
        for result in self.pool.map(self._one, by_turns(batch, lambda one: one.intake.url)):
            if result is None:
                put_off += 1
            elif isinstance(result, Failure):
                yield beam.pvalue.TaggedOutput(FAILED, result)
            else:
                yield result
        if put_off:
            log.warning("no time for %d pages: their entries wait for the next sweep", put_off)

    def _one(self, candidate: Candidate) -> Reading | Failure | None:
        """None where there was no time to ask."""
        if time.monotonic() > self.until:
            metrics.PAGES.labels("put_off").inc()
            return None
        try:
            with timed(STAGE):
                return self._read(candidate)
        except ArchiveError:
            raise
        except Exception as error:
            return failure_of(STAGE, candidate.intake, error)

    def _read(self, candidate: Candidate) -> Reading:
        entry = candidate.intake
        page = self.fetcher.fetch(entry.url) if entry.url else PageProblem("no_link", False, "")
        metrics.PAGES.labels(page.reason if isinstance(page, PageProblem) else "read").inc()
        if isinstance(page, PageProblem):
            log.info("page not read: %s", page.reason, extra={"article": entry.article_id})
            return from_feed(candidate)
        key = url_key(entry.publisher, page.canonical_url) if page.canonical_url else None
        if key is not None:
            self.archive.identify([key], entry.ref)
        return from_page(candidate, page)


def from_page(candidate: Candidate, page: Page) -> Reading:
    entry = candidate.intake
    url = page.canonical_url or entry.url
    return Reading(entry, candidate.dossiers, url, entry.title, page.text, "page")


def from_feed(candidate: Candidate) -> Reading:
    """The feed's content, its summary where that is longer.

    Raises:
        Rejected: `no_text`, where the entry is a bare title.
    """
    entry = candidate.intake
    text = max(entry.content, entry.summary, key=len)
    if not text.strip():
        raise Rejected("no_text", "neither the page nor the feed has a text")
    return Reading(entry, candidate.dossiers, entry.url, entry.title, text, "feed")

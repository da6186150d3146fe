"""Every metric that Parley exposes. `deploy/METRICS.md` lists them; a test holds the two together.

Labels come only from small fixed sets: stages, reason words, and the names in the configuration.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric

REGISTRY = CollectorRegistry()
_SECONDS = (
    *(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
    *(300, 600, 1800, 3600),
)


class SetGauge(Gauge):
    """A gauge without labels that has no sample before it is set.

    Where nothing is known yet, 0 would be taken for a measurement: for an age since 1970.
    """

    known = False

    def set(self, value: float) -> None:
        super().set(value)
        self.known = True

    def collect(self) -> Iterable[Metric]:
        for metric in super().collect():
            if not self.known:
                metric.samples.clear()
            yield metric


def _counter(name: str, help_: str, *labels: str) -> Counter:
    return Counter(f"parley_{name}", help_, labels, registry=REGISTRY)


def _gauge(name: str, help_: str, *labels: str) -> Gauge:
    kind = Gauge if labels else SetGauge  # one with labels has no sample before it has a label
    return kind(f"parley_{name}", help_, labels, registry=REGISTRY)


def _histogram(name: str, help_: str, *labels: str) -> Histogram:
    return Histogram(f"parley_{name}", help_, labels, registry=REGISTRY, buckets=_SECONDS)


DISPOSITIONS = _counter(
    "dispositions_total",
    "Entry revisions that ended, by disposition and reason.",
    "disposition",
    "reason",
)
UNCHANGED = _counter(
    "entries_unchanged_total", "Entries polled again whose revision had its disposition already."
)
DEAD_LETTERS = _counter(
    "dead_letters_total", "What could not be processed, by stage and reason.", "stage", "reason"
)
STAGE_SECONDS = _histogram(
    "stage_seconds", "Time per element (`poll`: per feed; Resolve: per sweep).", "stage"
)
MODEL_SECONDS = _counter("model_seconds_total", "Time spent in the models, by step.", "step")

POLLS = _counter("polls_total", "Polls of feeds, by outcome.", "feed", "outcome")
FEED_LAST_SUCCESS = _gauge(
    "feed_last_success_timestamp_seconds", "When the feed was last read well.", "feed"
)
FEED_NEWEST_ENTRY = _gauge(
    "feed_newest_entry_timestamp_seconds",
    "When the feed last showed an entry not seen before.",
    "feed",
)
FEED_NEXT_DUE = _gauge("feed_next_due_timestamp_seconds", "When the feed is due again.", "feed")
FEED_FAILURES = _gauge("feed_consecutive_failures", "Failed polls since the last good one.", "feed")
PAGES = _counter("pages_total", "Article pages asked for, by outcome.", "outcome")

ARTICLES = _counter(
    "articles_total",
    "Articles written, once for each of their dossiers and topics.",
    "dossier",
    "topic",
)
CLAIMS = _counter(
    "claims_total", "Claims written, once for each of their topics.", "dossier", "topic", "novelty"
)
POSITIONS = _counter("positions_total", "Positions written.", "dossier", "topic", "party", "stance")
DEVELOPMENTS = _counter(
    "developments_total", "Developments announced.", "dossier", "topic", "party", "kind"
)

SWEEPS = _counter("sweeps_total", "Sweeps ended, by outcome.", "outcome")
SWEEP_SECONDS = _histogram("sweep_seconds", "Time per sweep.")
SWEEP_LAST_SUCCESS = _gauge("sweep_last_success_timestamp_seconds", "When a sweep last ended well.")
PENDING = _gauge(
    "pending_entries", "Entries without a disposition when a sweep last began, ended or failed."
)
FEEDS_NOT_REACHED = _gauge("feeds_not_reached", "Due feeds the last sweep had no time for.")
MODEL_INFO = _gauge("model_info", "Always 1: which model version answers.", "task", "version")

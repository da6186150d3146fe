"""One sweep: due feeds and what is pending, through the graph, on an explicitly named runner."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from connectors.archive.protocol import Archive
from connectors.feeds import FeedsConfig, is_due
from models.huggingface import Engine
from pipeline.dossiers import Dossier
from pipeline.graph import build
from pipeline.options import Settings
from pipeline.resolve.recall import Policy
from pipeline.transforms.read_feeds import known_states
from pipeline.transforms.write_archive import NAMESPACE

log = logging.getLogger(__name__)
SweepSource = tuple[FeedsConfig, tuple[Dossier, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays the same from sweep to sweep of one run."""

    archive_url: str
    feeds: FeedsConfig
    dossiers: tuple[Dossier, ...]
    read_deadline: float = 120.0
    page_deadline: float = 300.0
    policy: Policy = field(default_factory=Policy)
    beam: Sequence[str] = ()
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What came of a sweep: entries by disposition, developments announced, wall seconds."""

    sweep: str
    now: datetime
    dispositions: Mapping[str, int]
    developments: int
    seconds: float
    skipped: bool = False


def run_sweep(archive: Archive, plan: Plan, now: datetime) -> SweepResult:
    """Run one sweep to its end. The caller holds the archive's lease.

    Starting Beam costs seconds; where no feed is due and nothing is pending it is not started.
    """
    started = time.perf_counter()
    sweep = name_of(now)
    archive.refresh()
    if not _has_work(archive, plan.feeds, now):
        return SweepResult(sweep, now, {}, 0, time.perf_counter() - started, skipped=True)
    settings = settings_of(archive, plan, now)
    pipeline = beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(list(plan.beam)))
    build(pipeline, settings)
    outcome = pipeline.run()
    outcome.wait_until_finish()
    archive.refresh()
    counters = _counters(outcome)
    return SweepResult(
        sweep=sweep,
        now=now,
        dispositions={
            name.removeprefix("disposition:"): count
            for name, count in sorted(counters.items())
            if name.startswith("disposition:")
        },
        developments=counters.get("developments", 0),
        seconds=time.perf_counter() - started,
    )


def name_of(now: datetime) -> str:
    """What a sweep is called in logs and results."""
    return f"{now:%Y%m%dT%H%M%SZ}"


def settings_of(archive: Archive, plan: Plan, now: datetime) -> Settings:
    """What the stages of a sweep at `now` are told, on whatever runner."""
    return Settings(
        archive_url=plan.archive_url,
        feeds=plan.feeds,
        dossiers=plan.dossiers,
        sweep=name_of(now),
        now=now,
        warm_from=_warm_from(archive, plan.dossiers, now),
        read_deadline=plan.read_deadline,
        page_deadline=plan.page_deadline,
        policy=plan.policy,
        engine=plan.engine,
    )


def _has_work(archive: Archive, feeds: FeedsConfig, now: datetime) -> bool:
    if next(archive.pending(), None) is not None:
        return True
    states = known_states(archive, feeds)
    return any(is_due(states.get(feed.name), now) for feed in feeds.feeds)


def _warm_from(archive: Archive, dossiers: Sequence[Dossier], now: datetime) -> dict[str, datetime]:
    """When each dossier may announce: its first activity in this archive and its warm-up."""
    return {
        dossier.name: archive.dossier_since(dossier.name, now) + dossier.warm_up
        for dossier in dossiers
    }


def _counters(outcome: beam.runners.runner.PipelineResult) -> dict[str, int]:
    query = outcome.metrics().query(beam.metrics.MetricsFilter().with_namespace(NAMESPACE))
    return {item.key.metric.name: item.committed for item in query["counters"]}

"""`parley run`: follow the feeds."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from connectors.archive.open import absolute_url
from connectors.feeds import load_feeds
from connectors.metrics import MetricsServer
from models import load_analyst
from pipeline import logs, metrics
from pipeline.cli.common import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CommandError,
    DossierOption,
    ModelsOption,
    duration,
    put_json,
)
from pipeline.clock import utc_now
from pipeline.dossiers import load_dossiers
from pipeline.engine import check_vectors, load_engine
from pipeline.follow import Follower, leased, stopped_by_signals
from pipeline.options import beam_options
from pipeline.sweep import Plan


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    feeds: Annotated[
        Path, typer.Option(envvar="PARLEY_FEEDS", help="The feeds to follow, a YAML file.")
    ] = Path("deploy/feeds.yaml"),
    dossier: DossierOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    models: ModelsOption = None,
    once: Annotated[bool, typer.Option("--once", help="One sweep, then end.")] = False,
    interval: Annotated[
        str, typer.Option(help="Time between sweeps: 90s, 5m, 1h. Each feed keeps its own rhythm.")
    ] = "5m",
    read_deadline: Annotated[
        str, typer.Option(help="How long a sweep may poll; feeds not reached stay due.")
    ] = "2m",
    page_deadline: Annotated[
        str,
        typer.Option(help="How long it may fetch pages; entries without theirs wait for the next."),
    ] = "5m",
    metrics_port: Annotated[
        int | None,
        typer.Option(
            envvar="PARLEY_METRICS_PORT",
            min=0,
            max=65535,
            help="Serve /metrics and /healthz on this port.",
        ),
    ] = None,
    metrics_host: Annotated[
        str,
        typer.Option(
            envvar="PARLEY_METRICS_HOST",
            help="The address that port is bound to; 0.0.0.0 where others are to reach it.",
        ),
    ] = "127.0.0.1",
    log_format: Annotated[
        logs.Form, typer.Option(envvar="PARLEY_LOG_FORMAT", help="json is for machines.")
    ] = "text",
    json_: Annotated[
        bool, typer.Option("--json", help="With --once: the sweep's result as one JSON object.")
    ] = False,
    beam: Annotated[
        list[str] | None, typer.Argument(metavar="[-- BEAM OPTIONS]", help="Beam's own options.")
    ] = None,
) -> None:
    """Poll feeds, judge what is new, keep it in the archive; again and again, or once.

    Ends cleanly on SIGTERM or Ctrl-C: what a sweep had not finished is taken up by the next run.
    A sweep has 20 seconds to end; a second signal cuts it off at once. Cut off, --once exits 1.
    Whoever supervises it should wait 30 seconds before killing it (docker stop --time 30), or its
    lease of an Elasticsearch archive stays for ten minutes.
    """
    if json_ and not once:
        raise typer.BadParameter("--json goes with --once; --log-format json is for logs")
    logs.configure(log_format)
    with logs.last_word(log_format):
        every = duration(interval)
        beam_options(beam or ())
        plan = Plan(
            archive_url=absolute_url(archive),
            feeds=load_feeds(feeds),
            dossiers=load_dossiers(dossier),
            read_deadline=duration(read_deadline).total_seconds(),
            page_deadline=duration(page_deadline).total_seconds(),
            beam=tuple(beam or ()),
            engine=load_engine(models),
        )
        # Before anything is asked or kept; Beam would tell it as a traceback.
        load_analyst(plan.engine)
        with (
            stopped_by_signals(code=int(once)) as stop,
            leased(plan.archive_url, utc_now()) as (store, lease),
        ):
            stop.lease = lease
            check_vectors(store, plan.engine)
            follower = Follower(store, plan, utc_now)
            server = _serve(follower, every, metrics_host, metrics_port)
            try:
                if once:
                    result = follower.sweep()
                    if json_:
                        put_json(result)
                else:
                    follower.follow(every, stop, lease)
            finally:
                stop.lease = None  # given back here, not twice
                if server is not None:
                    server.close()


def _serve(
    follower: Follower, interval: timedelta, host: str, port: int | None
) -> MetricsServer | None:
    if port is None:
        return None
    try:
        return MetricsServer(
            metrics.REGISTRY, lambda: follower.health(interval), host=host, port=port
        )
    except OSError as error:
        raise CommandError(f"--metrics-port {port}: {error.strerror or error}") from error

"""The demonstration: ten days of an invented press, monitored in a few minutes, then the report."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from connectors.archive.protocol import Archive
from pipeline import logs
from pipeline.follow import describe, leased
from pipeline.render import render_report
from pipeline.report import build_report
from pipeline.sweep import SweepResult
from tests.newsroom.drive import follow, plan_of
from tests.newsroom.server import Newsroom, changes
from tests.newsroom.slots import END

SHOWN = 40  # developments; the rest is a command away


def demo(archive_url: str, port: int) -> None:
    """Serve the newsroom, follow it to the end of its coverage, print what an analyst would see."""
    console = Console()
    logs.configure("text", level="ERROR")  # the report tells of dead letters
    with tempfile.TemporaryDirectory() as folder, Newsroom(port=port) as newsroom:
        feeds = Path(folder) / "feeds.yaml"
        newsroom.write_feeds(feeds)
        plan = plan_of(archive_url, feeds)
        console.print(
            f"An invented press of {len(plan.feeds.feeds)} feeds on loopback; "
            f"dossiers {', '.join(dossier.name for dossier in plan.dossiers)}."
        )
        with leased(plan.archive_url, newsroom.time) as (archive, _):
            _watch(console, newsroom, follow(archive, plan, lambda: newsroom.time, newsroom.at))
            _conclude(console, archive, archive_url)


def _watch(console: Console, newsroom: Newsroom, sweeps: Iterator[SweepResult]) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("sweeps", total=len(changes()))
        for result in sweeps:
            progress.update(task, advance=1, description=f"{newsroom.time:%d %b %H:%M}")
            if result.developments:
                progress.console.print(f"  {describe(result)}", style="dim")


def _conclude(console: Console, archive: Archive, archive_url: str) -> None:
    console.print(*render_report(build_report(archive, END), most=SHOWN))
    console.print(
        "\nThe archive stays. Search it:\n"
        f"  .venv/bin/parley search ceasefire --kind claims --archive {archive_url}\n"
        f"  .venv/bin/parley report --dossier iran --archive {archive_url}\n"
        f"  .venv/bin/parley export positions --format csv --archive {archive_url}"
    )

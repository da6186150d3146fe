"""`python -m tests.integration.flink.sweep flink|local JAR sqlite|elasticsearch DUMP`: the newsroom
in two sweeps, and what the archive holds after them as JSON in the file DUMP.

To be run in a network namespace of its own: Beam's services and Flink bind all interfaces. So an
Elasticsearch that it writes to is started here too.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from connectors.archive.protocol import Archive
from pipeline.follow import leased
from pipeline.graph import build
from pipeline.sweep import Plan, run_sweep, settings_of
from tests.integration.elasticsearch.server import node
from tests.integration.flink.job_server import FLINK
from tests.newsroom.drive import plan_of
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END, SLOTS
from tests.test_end_to_end import dump

MIDDLE = SLOTS[len(SLOTS) // 2]
PORT = 8081  # of the press, alone in its namespace: addresses must be the same each time


def options(jar: str, scratch: str) -> PipelineOptions:
    """Everything in one process: Flink's mini cluster in the job server, the workers here."""
    return PipelineOptions(
        [
            "--runner=FlinkRunner",
            f"--flink_job_server_jar={jar}",
            f"--flink_version={FLINK}",
            "--flink_master=[local]",
            "--environment_type=LOOPBACK",
            "--parallelism=1",
            f"--artifacts_dir={scratch}",
        ]
    )


@contextmanager
def archive_in(kind: str, folder: str) -> Iterator[str]:
    """The address of an empty archive; a server lasts as long as the context."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/archive.db"
        return
    server = node().start()
    try:
        yield server.url
    finally:
        server.remove()


def sweep_on_flink(archive: Archive, plan: Plan, now: datetime, jar: str, scratch: str) -> None:
    archive.refresh()
    pipeline = beam.Pipeline(options=options(jar, scratch))
    build(pipeline, settings_of(archive, plan, now))
    pipeline.run().wait_until_finish()
    archive.refresh()


def sweep_twice(archive_url: str, runner: str, jar: str, folder: str) -> dict[str, dict[str, Any]]:
    """A local sweep in the middle of the coverage, then what came since on the runner asked for."""
    feeds = Path(folder) / "feeds.yaml"
    with Newsroom(port=PORT) as newsroom:
        newsroom.write_feeds(feeds)
        plan = plan_of(archive_url, feeds)
        with leased(plan.archive_url, MIDDLE) as (archive, _):
            newsroom.at(MIDDLE)
            run_sweep(archive, plan, MIDDLE)
            newsroom.at(END)
            if runner == "local":
                run_sweep(archive, plan, END)
            else:
                sweep_on_flink(archive, plan, END, jar, folder)
            return dump(archive)


def main() -> None:
    runner, jar, kind, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, archive_in(kind, folder) as archive_url:
        held = sweep_twice(archive_url, runner, jar, folder)
    Path(out).write_text(json.dumps(held), encoding="utf-8")


if __name__ == "__main__":
    main()

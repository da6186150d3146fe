"""`python -m tests.integration.flink.sweep flink|local JAR ARCHIVE`: the newsroom in two sweeps.

To be run in a network namespace of its own: Beam's services and Flink bind all interfaces.
"""

import sys
import tempfile
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.follow import leased
from pipeline.graph import build
from pipeline.sweep import run_sweep, settings_of
from tests.integration.flink.job_server import FLINK
from tests.newsroom.drive import plan_of
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END, SLOTS

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


def main() -> None:
    """A local sweep in the middle of the coverage, then what came since on the runner asked for."""
    runner, jar, archive_url = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, Newsroom(port=PORT) as newsroom:
        feeds = Path(folder) / "feeds.yaml"
        newsroom.write_feeds(feeds)
        plan = plan_of(archive_url, feeds)
        with leased(plan.archive_url, MIDDLE) as (archive, _):
            newsroom.at(MIDDLE)
            run_sweep(archive, plan, MIDDLE)
            newsroom.at(END)
            if runner == "local":
                run_sweep(archive, plan, END)
                return
            archive.refresh()
            pipeline = beam.Pipeline(options=options(jar, folder))
            build(pipeline, settings_of(archive, plan, END))
            pipeline.run().wait_until_finish()


if __name__ == "__main__":
    main()

"""What a sweep costs: `python -m tests.benchmarks.bench_sweep`.

Follows the newsroom for one big sweep (every feed full), then sweeps that find nothing. Prints
articles a second, the share of time in the models, the overhead of an empty sweep as a ratio to
the big one, resident memory, and what `parley run` uses while it waits.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import metrics
from pipeline.follow import Follower, leased
from pipeline.sweep import Plan, SweepResult
from tests.newsroom.drive import plan_of
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END

IDLE_SECONDS = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom:
        feeds = Path(folder) / "feeds.yaml"
        newsroom.write_feeds(feeds)
        newsroom.at(END)
        measure(plan_of(f"sqlite:///{folder}/archive.db", feeds))
        idle(f"sqlite:///{folder}/idle.db", feeds)


def measure(plan: Plan) -> None:
    with leased(plan.archive_url, END) as (archive, _):

        def sweep(now: datetime) -> SweepResult:
            return Follower(archive, plan, lambda: now).sweep()

        big = sweep(END)
        judged = sum(big.dispositions.get(name, 0) for name in ("indexed", "updated", "copy"))
        entries = sum(big.dispositions.values())
        models = model_seconds()
        unchanged = sweep(END + timedelta(days=2))
        nothing = sweep(END + timedelta(days=2, seconds=1))
    print(f"big sweep: {entries} entries, {judged} articles judged in {big.seconds:.1f} s")
    print(f"  {judged / big.seconds:.1f} articles/s; models {models / big.seconds:.0%} of the time")
    for name, result in (("feeds unchanged", unchanged), ("nothing due", nothing)):
        print(
            f"{name}: {result.seconds:.2f} s, {result.seconds / big.seconds:.1%} of the big sweep"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak resident memory, newsroom included: {peak:.0f} MB")


def model_seconds() -> float:
    return sum(
        sample.value
        for family in metrics.MODEL_SECONDS.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    )


def idle(archive_url: str, feeds: Path) -> None:
    """CPU and memory of `parley run` between two sweeps."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "run"]
    command += ["--feeds", str(feeds), "--archive", archive_url, "--interval", "1h"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if " developments; " in line:  # what `describe` says of a sweep that had something to do
            break
    used = cpu_seconds(process.pid)
    time.sleep(IDLE_SECONDS)
    share = (cpu_seconds(process.pid) - used) / IDLE_SECONDS
    print(f"parley run, waiting: {share:.2%} of a core, {resident(process.pid):.0f} MB resident")
    process.terminate()
    process.wait()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()

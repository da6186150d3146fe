"""Real polls of one feed in order of time through whole sweeps; skipped where not at hand."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.archive.documents import DISPOSITIONS
from connectors.archive.open import open_archive
from pipeline.sweep import run_sweep
from tests.connectors.feeds.test_real import REAL, files
from tests.pipeline.paper import Paper

MOST, EVERY = 30, 3  # polls of an hour apart

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real feeds at {REAL}: set PARLEY_REAL to sweep them"
)


def test_every_entry_of_real_polls_ends_with_a_disposition_and_a_reason(paper: Paper) -> None:
    """No page is there, so that the feed's own content is judged."""
    polls = [(path, body) for path, body in files("polls-2026.tar.xz") if "cna_latest" in str(path)]
    plan = paper.plan(dossiers=["ukraine", "iran", "gaza"])
    archive = open_archive(plan.archive_url)
    for path, body in polls[:MOST:EVERY]:
        paper.host.put("/feed", body, content_type="application/rss+xml")
        now = datetime.strptime(path.stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        run_sweep(archive, plan, now)
    entries = list(archive.entries())
    ends = Counter((entry.disposition, entry.reason) for entry in entries)
    print(dict(ends))
    assert {disposition for disposition, _ in ends} <= set(DISPOSITIONS)
    assert sum(count for (name, _), count in ends.items() if name == "irrelevant") > (
        len(entries) / 2
    )
    assert ends["dead_letter", "bug"] == 0
    revisions = Counter(entry.article_id for entry in entries)
    assert len(revisions) < len(entries) < 2 * len(revisions)
    judged = sum(1 for _ in archive.export("articles"))
    assert judged == sum(
        count for (name, _), count in ends.items() if name in ("indexed", "updated", "copy")
    )

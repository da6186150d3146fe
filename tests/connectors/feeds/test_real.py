"""Real polls over HTTP in order of time, and feedparser's fixtures; skipped where not at hand."""

import os
import tarfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath

import pytest

from connectors.feeds import Feed, FeedState, PollOutcome, Rhythm, identity_keys, revision
from connectors.feeds.dates import NEWEST
from connectors.feeds.judge import judge
from connectors.feeds.poll import poll_one
from connectors.web import WebClient, WebResponse
from tests.connectors.conftest import Host
from tests.connectors.feeds.conftest import FEED, NOW

REAL = Path(
    os.environ.get("PARLEY_REAL", Path(__file__).resolve().parents[3].parent / "shared" / "real")
)
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real feeds at {REAL}: set PARLEY_REAL to read them"
)


def files(archive: str) -> Iterator[tuple[PurePath, bytes]]:
    """All files of a tar archive in the order of their names."""
    with tarfile.open(REAL / archive) as tar:
        members = sorted((one for one in tar if one.isfile()), key=lambda one: one.name)
        for member in members:
            stream = tar.extractfile(member)
            assert stream is not None
            yield PurePath(member.name), stream.read()


@pytest.mark.parametrize("archive", ["polls-2026.tar.xz", "polls-older.tar.xz"])
def test_real_polls_are_read_and_revisions_told_from_new_articles(
    archive: str, host: Host, make_client: Callable[..., WebClient]
) -> None:
    client = make_client(host_delay=0.0)
    states: dict[str, FeedState] = {}
    outcomes: Counter[str] = Counter()
    revisions: dict[str, set[str]] = defaultdict(set)
    known: dict[str, str] = {}
    for path, body in files(archive):
        name = path.parent.name
        feed = Feed(
            name=name.replace("_", "-"),
            url=host.put(f"/{name}", body),
            publisher=name.replace("_", "-"),
            family="real",
            kind="newspaper",
        )
        now = datetime.strptime(path.stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        outcome = poll_one(feed, states.get(name, FeedState()), client, now, Rhythm())
        states[name] = outcome.state
        outcomes[outcome.status] += 1
        assert outcome.status != "failed" or outcome.problems, "dropped without a reason"
        for entry in outcome.entries:
            keys = identity_keys(entry)
            article = next((known[key] for key in keys if key in known), keys[0])
            known.update(dict.fromkeys(keys, article))
            revisions[article].add(revision(entry))
            assert entry.published_at is None or entry.published_at <= now + NEWEST
    edited = sum(len(seen) > 1 for seen in revisions.values())
    print(f"{archive}: {dict(outcomes)}, {len(revisions)} articles, {edited} of them edited")
    assert outcomes["read"] >= 0.9 * outcomes.total() - outcomes["unchanged"]
    assert outcomes["failed"] <= 0.01 * outcomes.total()
    assert 0 < edited < len(revisions) / 3


def test_no_fixture_of_feedparser_crashes_and_what_is_dropped_has_a_reason() -> None:
    ends: Counter[str] = Counter()
    for path, body in files("feedparser-fixtures.tar.xz"):
        answer = WebResponse(FEED.url, 200, {"content-type": "application/xml"}, body)
        outcome: PollOutcome = judge(FEED, FeedState(), answer, NOW, Rhythm(), conditional=False)
        ends[outcome.status] += 1
        dropped = outcome.status == "failed" or not outcome.entries
        assert not dropped or outcome.problems, path
    print(dict(ends))
    assert ends["read"] > 500

"""Ten days of the newsroom through the whole pipeline, held against the truth."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.archive.codec import to_dict
from connectors.archive.documents import DISPOSITIONS, KINDS, Development
from connectors.archive.protocol import Archive
from pipeline.follow import Follower, leased
from pipeline.sweep import Plan, SweepResult
from tests.newsroom.drive import follow, plan_of
from tests.newsroom.score import Score, score
from tests.newsroom.server import Newsroom
from tests.newsroom.slots import END, START


@dataclass(frozen=True, slots=True)
class Followed:
    """A monitor that has followed the press to the end of its coverage."""

    archive: Archive
    plan: Plan
    newsroom: Newsroom
    sweeps: tuple[SweepResult, ...]

    def sweep_again(self, hours: int) -> SweepResult:
        now = END + timedelta(hours=hours)
        return Follower(self.archive, self.plan, lambda: now).sweep()


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    folder = tmp_path_factory.mktemp("followed")
    with Newsroom() as newsroom:
        newsroom.write_feeds(folder / "feeds.yaml")
        plan = plan_of(f"sqlite:///{folder / 'archive.db'}", folder / "feeds.yaml")
        with leased(plan.archive_url, START) as (archive, _):
            sweeps = tuple(follow(archive, plan, lambda: newsroom.time, newsroom.at))
            yield Followed(archive, plan, newsroom, sweeps)


@pytest.fixture(scope="module")
def judged(followed: Followed) -> Score:
    found = score(followed.archive)
    print("\n".join(found.lines()))
    return found


def dump(archive: Archive) -> dict[str, dict[str, Any]]:
    """Everything in an archive, scores to four digits."""
    records: dict[str, dict[str, Any]] = {
        kind: {record.id: rounded(to_dict(record)) for record in archive.export(kind)}
        for kind in KINDS
    }
    records["intake"] = {entry.id: to_dict(entry) for entry in archive.entries()}
    return records


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def test_ten_days_take_at_most_sixty_sweeps(followed: Followed) -> None:
    assert 40 <= len(followed.sweeps) <= 60


def test_every_entry_ends_by_exactly_one_disposition(followed: Followed) -> None:
    ends = Counter(entry.disposition for entry in followed.archive.entries())
    assert set(ends) <= set(DISPOSITIONS)
    counted: Counter[str] = Counter()
    for result in followed.sweeps:
        counted.update(result.dispositions)
    assert counted == ends


def test_dispositions_are_those_of_the_truth(judged: Score) -> None:
    right = sum(n for (truth, seen), n in judged.dispositions.items() if truth == seen)
    assert right / sum(judged.dispositions.values()) >= 0.95


def test_copies_are_told_from_reports_and_rewrites(judged: Score) -> None:
    assert judged.copies.f1 >= 0.97


def test_every_entry_of_the_newsroom_was_seen(judged: Score) -> None:
    assert sum(judged.dispositions.values()) >= 270


def test_no_development_is_announced_twice(followed: Followed) -> None:
    announced = list(followed.archive.export("developments"))
    causes = Counter(one.cause_id for one in announced if isinstance(one, Development))
    assert announced
    assert max(causes.values()) == 1


def test_nothing_is_announced_of_the_first_day(followed: Followed) -> None:
    warm = START + timedelta(hours=24)
    assert not [
        one.id for one in followed.archive.export("developments") if one.first_seen_at <= warm
    ]


def test_nothing_of_a_feeds_backlog_is_announced(followed: Followed) -> None:
    """One feed is first readable when the archive is warm."""
    warm = START + timedelta(hours=24)
    backlog = {entry.order: entry for entry in followed.archive.entries() if entry.backlog}
    assert any(entry.first_seen_at > warm for entry in backlog.values())
    announced = {one.order for one in followed.archive.export("developments")}
    assert announced
    assert announced.isdisjoint(backlog)


def test_unchanged_feeds_write_nothing_twice_and_no_page_is_fetched_again(
    followed: Followed,
) -> None:
    followed.sweep_again(hours=6)  # what a feed held back until the end has come by now
    before, requests = dump(followed.archive), len(followed.newsroom.served())
    for hours in (30, 60):
        assert not followed.sweep_again(hours).dispositions
    assert dump(followed.archive) == before
    asked = followed.newsroom.served()[requests:]
    feeds = {feed.url.split("/", 3)[3] for feed in followed.plan.feeds.feeds}
    assert asked
    assert not [one.path for one in asked if one.path.lstrip("/").startswith("2026/")]
    assert {one.path.lstrip("/") for one in asked} & feeds


def test_a_dossier_added_to_a_warm_archive_announces_nothing_of_its_backlog(
    followed: Followed, tmp_path: Path
) -> None:
    before = {one.id for one in followed.archive.export("developments")}
    text = Path("pipeline/dossiers/ukraine.yaml").read_text(encoding="utf-8")
    other = tmp_path / "kyiv.yaml"
    other.write_text(text.replace("name: ukraine", "name: kyiv", 1), encoding="utf-8")
    plan = plan_of(
        followed.plan.archive_url, _feeds_of(followed, tmp_path), ["ukraine", str(other)]
    )
    now = END + timedelta(hours=90)
    Follower(followed.archive, plan, lambda: now).sweep()
    assert {one.id for one in followed.archive.export("developments")} == before


def _feeds_of(followed: Followed, folder: Path) -> Path:
    followed.newsroom.write_feeds(folder / "feeds.yaml")
    return folder / "feeds.yaml"

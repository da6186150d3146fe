"""A sweep through the whole graph: what enters leaves by exactly one disposition."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from connectors.archive.documents import Article, Claim
from connectors.archive.open import open_archive
from connectors.archive.protocol import Archive
from connectors.feeds import FeedState
from pipeline.sweep import Plan, SweepResult, run_sweep
from pipeline.transforms import analyse, gate
from tests.pipeline.paper import NOW, Paper, Report, bare, german, irrelevant, relevant
from tests.test_end_to_end import dump

DAY = timedelta(days=1)


def swept(plan: Plan, days: int = 0) -> SweepResult:
    archive = open_archive(plan.archive_url)
    try:
        return run_sweep(archive, plan, NOW + days * DAY)
    finally:
        archive.close()


def opened(plan: Plan) -> Archive:
    return open_archive(plan.archive_url)


def publish_some(paper: Paper, count: int) -> None:
    makers = (relevant, irrelevant, german, irrelevant, bare)
    paper.publish(*(makers[n % len(makers)](n) for n in range(count)))


def test_a_prime_number_of_entries_goes_through_and_none_is_lost(paper: Paper) -> None:
    publish_some(paper, 101)
    plan = paper.plan()
    result = swept(plan)
    ends = Counter(entry.disposition for entry in opened(plan).entries())
    assert ends.total() == 101
    assert ends == {
        "indexed": 21,
        "irrelevant": 40,
        "unsupported_language": 20,
        "dead_letter": 20,
    }
    assert result.dispositions == ends


def test_the_same_graph_on_several_processes_gives_the_same_archive(paper: Paper) -> None:
    """Nothing may depend on one process: not the order, nor what a module remembers."""
    publish_some(paper, 23)
    one = paper.plan("one.db")
    options = ("--direct_running_mode=multi_processing", "--direct_num_workers=2")
    several = Plan(paper.plan("several.db").archive_url, one.feeds, one.dossiers, beam=options)
    assert swept(one).dispositions == swept(several).dispositions
    assert dump(opened(one)) == dump(opened(several))


def test_a_second_sweep_over_unchanged_feeds_writes_and_fetches_nothing(paper: Paper) -> None:
    publish_some(paper, 7)
    plan = paper.plan()
    swept(plan)
    before, asked = dump(opened(plan)), len(paper.host.asked)
    assert not swept(plan, days=1).dispositions
    assert dump(opened(plan)) == before
    assert [path for path, _ in paper.host.asked[asked:]] == ["/feed"]


def test_robots_txt_is_asked_once_for_many_sweeps(paper: Paper) -> None:
    paper.publish(relevant(1))
    swept(paper.plan())
    paper.publish(relevant(2))
    assert swept(paper.plan(), days=1).dispositions == {"indexed": 1}
    asked = [path for path, _ in paper.host.asked]
    assert asked == ["/feed", "/robots.txt", "/talks-1", "/feed", "/talks-2"]


def test_a_sweep_with_nothing_due_does_not_start_beam(paper: Paper) -> None:
    publish_some(paper, 3)
    plan = paper.plan()
    swept(plan)
    assert swept(plan).skipped


def test_a_feed_with_another_address_is_new(paper: Paper) -> None:
    paper.publish(irrelevant(1))
    swept(paper.plan())
    paper.move("/moved")
    paper.publish(irrelevant(2))
    plan = paper.plan()
    assert swept(plan).dispositions == {"irrelevant": 1}, "due at once"
    assert all(entry.backlog for entry in opened(plan).entries())
    assert opened(plan).feeds()["paper"].url.endswith("/moved")
    assert swept(plan).skipped


def test_of_another_address_no_validator_of_the_old_one_is_sent(paper: Paper) -> None:
    paper.host.put("/feed", status=503)
    plan = paper.plan()
    swept(plan)
    known = opened(plan).feeds()["paper"]
    state = replace(FeedState.from_dict(known.state), etag='"old"', full_at=NOW, next_due_at=NOW)
    opened(plan).admit([], replace(known, state=state.to_dict()))
    swept(plan)
    paper.move("/moved")
    swept(paper.plan())
    sent = [(path, headers.get("If-None-Match")) for path, headers in paper.host.asked]
    assert sent == [("/feed", None), ("/feed", '"old"'), ("/moved", None)]


def read_once(paper: Paper) -> tuple[Report, Plan]:
    """A report that was read, and is taken out of the feed so that an edit may take its place."""
    first = relevant(1)
    paper.publish(first)
    plan = paper.plan()
    swept(plan)
    paper.reports.clear()
    return first, plan


def test_an_edit_is_a_revision_of_the_same_article(paper: Paper) -> None:
    first, plan = read_once(paper)
    changed = first.summary.replace("Tuesday", "Wednesday")
    text = first.page.replace("Tuesday", "Wednesday") if first.page else ""
    paper.publish(Report(first.id, first.title, changed, text))
    assert swept(plan, days=1).dispositions == {"updated": 1}
    entries = list(opened(plan).entries())
    assert len({entry.article_id for entry in entries}) == 1
    assert len({entry.revision for entry in entries}) == 2


def test_an_edit_whose_page_cannot_be_had_withdraws_nothing(paper: Paper) -> None:
    """What the feed tells of it is less than the page said the day before."""
    first, plan = read_once(paper)
    paper.publish(Report(first.id, f"{first.title}, again", first.summary, None))
    assert swept(plan, days=1).dispositions == {"updated": 1}
    archive = opened(plan)
    articles = cast("list[Article]", list(archive.export("articles")))
    assert [one.text_from for one in articles] == ["page", "feed"]
    assert len(articles[0].text) > len(articles[1].text)
    said = cast("list[Claim]", [*archive.export("claims"), *archive.export("positions")])
    assert {one.text for one in said if one.text not in articles[1].text}
    assert {one.superseded_by for one in said} == {None}


def test_odd_texts_are_indexed_or_become_dead_letters_and_harm_nobody(paper: Paper) -> None:
    """Lone surrogates come as numeric entities; control characters as they are."""
    talk = "Ukraine and Russia held talks on a ceasefire in Geneva. "
    odd = "\x07\x1b[31m &#xD800; \u202e \ufeff " + talk
    long = talk * (5_000_000 // len(talk))
    wordy = "ceasefire" * 50_000
    paper.publish(
        relevant(1),
        Report("odd", "Ukraine ceasefire \x07 talks &#xDFFF;", odd, odd * 4),
        Report("long", "Ukraine ceasefire talks without end", talk, long),
        Report("wordy", "Ukraine ceasefire talks in one word", talk, wordy),
        relevant(2),
    )
    plan = paper.plan()
    result = swept(plan)
    assert sum(result.dispositions.values()) == 5
    ends = {entry.guid: (entry.disposition, entry.reason) for entry in opened(plan).entries()}
    assert ends["talks-1"][0] == ends["talks-2"][0] == ends["odd"][0] == "indexed"
    assert ends["long"] == ("dead_letter", "text_too_long")
    letters = list(opened(plan).export("dead_letters"))
    assert len(letters) == result.dispositions.get("dead_letter", 0)


def test_a_bug_that_one_article_brings_out_costs_only_that_article(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(reading: Any, *rest: Any) -> Any:
        if "round 2" in reading.title:
            raise ZeroDivisionError("a bug")
        return real(reading, *rest)

    real = analyse.analyse
    monkeypatch.setattr(analyse, "analyse", broken)
    paper.publish(relevant(1), relevant(2), relevant(3))
    plan = paper.plan()
    assert swept(plan).dispositions == {"dead_letter": 1, "indexed": 2}
    (letter,) = opened(plan).export("dead_letters")
    assert (letter.stage, letter.reason) == ("analyse", "bug")  # type: ignore[union-attr]
    assert "ZeroDivisionError: a bug" in letter.error  # type: ignore[union-attr]
    assert "round 2" in letter.payload  # type: ignore[union-attr]


@pytest.mark.parametrize("stage", ["gate", "fetch_pages", "resolve"])
def test_every_stage_has_a_second_output(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(f"a bug in {stage}")

    target = {
        "gate": (gate, "passing"),
        "fetch_pages": ("pipeline.transforms.fetch_pages.from_page", None),
        "resolve": ("pipeline.transforms.resolve.resolve", None),
    }[stage]
    if target[1] is None:
        monkeypatch.setattr(target[0], broken)  # type: ignore[arg-type]
    else:
        monkeypatch.setattr(*target, broken)
    paper.publish(relevant(1))
    plan = paper.plan()
    assert swept(plan).dispositions == {"dead_letter": 1}
    (letter,) = opened(plan).export("dead_letters")
    assert (letter.stage, letter.reason) == (stage, "bug")  # type: ignore[union-attr]


def test_an_archive_that_goes_away_fails_the_sweep_and_leaves_entries_pending(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors.archive.protocol import ArchiveUnavailable
    from connectors.archive.sqlite import SqliteArchive

    def away(self: object, *args: object) -> None:
        raise ArchiveUnavailable("the disk is full")

    paper.publish(relevant(1), irrelevant(2))
    plan = paper.plan()
    with monkeypatch.context() as patch:
        patch.setattr(SqliteArchive, "write", away)
        with pytest.raises(Exception, match="the disk is full"):
            swept(plan)
    assert {entry.disposition for entry in opened(plan).entries()} == {"pending"}
    assert swept(plan).dispositions == {"indexed": 1, "irrelevant": 1}


def test_a_feed_that_is_no_feed_is_an_inspectable_dead_letter(paper: Paper) -> None:
    paper.host.put("/feed", b"<html>back soon</html>")
    plan = paper.plan()
    assert swept(plan).dispositions == {}
    (letter,) = opened(plan).export("dead_letters")
    assert (letter.stage, letter.reason) == ("read_feeds", "not_a_feed")  # type: ignore[union-attr]
    assert "back soon" in letter.payload  # type: ignore[union-attr]
    assert opened(plan).feeds()["paper"].last_reason == "not_a_feed"


def test_the_runner_is_the_one_that_is_named(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """`DirectRunner` is a switch that may try a downloaded binary first; it must not be used."""
    from apache_beam.runners.direct import direct_runner

    def refuse(*args: object) -> None:
        raise AssertionError("the switch was used")

    monkeypatch.setattr(direct_runner.SwitchingDirectRunner, "run_pipeline", refuse)
    paper.publish(irrelevant(1))
    assert swept(paper.plan()).dispositions == {"irrelevant": 1}

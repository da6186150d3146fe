"""The truth about the coverage is complete and follows its own rules."""

import feedparser
import pytest

from tests.newsroom.load import coverage
from tests.newsroom.press import respond
from tests.newsroom.schedule import version_at
from tests.newsroom.slots import SLOTS, moment
from tests.newsroom.truth import Truth, article_at, sightings


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth.of()


def test_the_truth_covers_every_entry_served(truth: Truth) -> None:
    judged = {(one.article.id, one.version) for one in truth.judged}
    for feed, slot in ((feed, slot) for feed in coverage().feeds for slot in SLOTS):
        host = coverage().publishers[feed.publisher].host
        parsed = feedparser.parse(respond(slot, f"{host}:8080", feed.path, {}).body)
        for entry in parsed.entries:
            if "title" not in entry or "link" not in entry:
                continue
            article = article_at(entry.link)
            assert article is not None, entry.link
            version = version_at(article, slot)
            assert version is not None
            assert version.title.startswith(entry.title)
            assert (article.id, article.versions.index(version)) in judged


def test_every_version_is_seen_once() -> None:
    keys = [(one.article, one.version) for one in sightings()]
    versions = [
        (article.id, number)
        for article in coverage().articles.values()
        for number in range(len(article.versions))
    ]
    assert sorted(keys) == sorted(versions)


def test_the_truth_has_every_disposition_and_novelty(truth: Truth) -> None:
    assert {one.disposition for one in truth.judged} == {
        "indexed", "updated", "copy", "irrelevant", "unsupported_language", "dead_letter",
    }  # fmt: skip
    sentences = [sentence for one in truth.judged for sentence in one.sentences]
    counts = {
        novelty: sum(sentence.novelty == novelty for sentence in sentences)
        for novelty in ("new", "changed", "repeated", "none")
    }
    assert all(count >= 20 for count in counts.values()), counts
    assert all(bool(sentence.priors) == (sentence.novelty in ("changed", "repeated"))
               for sentence in sentences)  # fmt: skip


def test_a_raised_toll_is_a_changed_claim(truth: Truth) -> None:
    first, second = truth.by_article()["u03-ledger"]
    toll = next(one for one in second.sentences if one.claim and one.claim.id == "odesa-killed-7")
    assert (first.disposition, second.disposition) == ("indexed", "updated")
    assert (toll.novelty, toll.change) == ("changed", ("4", "7"))
    assert all(one.kept for one in second.sentences if one is not toll)


def test_whoever_is_seen_second_has_the_copy(truth: Truth) -> None:
    early, late = truth.by_article()["g11-valley"][0], truth.by_article()["g11-meridian"][0]
    assert (early.disposition, early.copy_of) == ("indexed", None)
    assert (late.disposition, late.copy_of) == ("copy", "g11-valley")


def test_another_order_of_sightings_gives_another_truth() -> None:
    seen = [one for one in sightings() if one.article != "u02-meridian"]
    first = Truth.of(seen).by_article()["u02-valley"][0]
    assert first.disposition == "indexed"
    assert first.sentences[0].novelty == "new"


def test_no_development_comes_from_the_cold_start_or_a_backlog(truth: Truth) -> None:
    developments = truth.developments()
    assert len(developments) > 80
    assert {one.dossier for one in developments} == {"ukraine", "iran", "gaza"}
    assert min(one.seen for one in developments) > moment("03-03 00:00")
    assert len({(one.claim.id, one.dossier) for one in developments}) == len(developments)
    assert all(one.topics and one.families for one in developments)


def test_news_of_a_backlog_is_new_and_yet_no_development(truth: Truth) -> None:
    late = truth.by_article()["i02-statecraft"][0]
    news = [one for one in late.sentences if one.novelty == "new"]
    assert [one.claim.id for one in news if one.claim] == ["board-vote"]
    assert late.sighting.backlog
    assert "board-vote" not in {one.claim.id for one in truth.developments()}


def test_the_stance_shifts_are_those_of_the_stories(truth: Truth) -> None:
    shifts = {
        (one.dossier, one.after.party, one.after.topic): one.article for one in truth.shifts()
    }
    assert shifts["ukraine", "russia", "ceasefire"] == "u11-meridian"
    assert shifts["gaza", "hamas", "arms_and_forces"] == "g06-levant"


def test_a_wrong_date_never_decides_an_order(truth: Truth) -> None:
    for one in truth.judged:
        if one.article.bad_date and one.article.event:
            together = [
                other.article.id
                for other in truth.judged
                if other.article.event == one.article.event
                and other.sighting.seen == one.sighting.seen
            ]
            assert together == [one.article.id]

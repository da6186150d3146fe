"""Verdicts on articles: copies, revisions, new and repeated claims, what is announced."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from connectors.archive.documents import Article, Claim, Development, Document, Position
from models.judgement import HeldPosition
from pipeline.records import Analysed, Ending
from pipeline.resolve.memory import Memory
from pipeline.resolve.recall import Prior
from pipeline.resolve.resolve import resolve, settle
from tests.pipeline.resolve.builders import analysed, context, intake

D = TypeVar("D", bound=Document)
TRUCE = "Russia and Ukraine agreed on Tuesday to a 30-day truce along the whole front."
SHORTER = "Russia and Ukraine agreed on Tuesday to a 10-day truce along the whole front."
SWAP = "Both armies exchanged 205 prisoners at a crossing in Belarus on Wednesday morning."
PORT = "A grain carrier left the port of Odesa for the first time since December, officials said."


def judge(articles: Sequence[Analysed], warm_hours: float = 24) -> list[Ending]:
    memory, endings = Memory(), []
    for article in sorted(articles, key=lambda one: one.order):
        ending, memory = resolve(memory, article, Prior(), context(warm_hours))
        endings.append(ending)
    return settle(endings)


def sweeps(*groups: Sequence[Analysed]) -> dict[str, Document]:
    """What an archive holds in the end, by id, where each group is a sweep of one article.

    Of the archive only the article's own records are recalled, no neighbours.
    """
    stored: dict[str, Document] = {}
    for group in groups:
        held = stored.values()
        prior = Prior(
            revisions=tuple(one for one in held if isinstance(one, Article)),
            own_claims=tuple(one for one in held if isinstance(one, Claim)),
            own_positions=tuple(one for one in held if isinstance(one, Position)),
        )
        memory, endings = Memory(), []
        for article in group:
            ending, memory = resolve(memory, article, prior, context())
            endings.append(ending)
        stored |= {one.id: one for ending in settle(endings) for one in ending.documents}
    return stored


def marks(stored: dict[str, Document]) -> dict[str, str | None]:
    """By sentence who withdrew it; its claims and positions must agree."""
    said = [one for one in stored.values() if isinstance(one, Claim | Position)]
    found = {(one.text, one.superseded_by) for one in said}
    assert len(found) == len(dict(found))
    return dict(found)


def of(ending: Ending, kind: type[D]) -> list[D]:
    return [document for document in ending.documents if isinstance(document, kind)]


def test_first_report_is_indexed_and_its_claims_are_new() -> None:
    (ending,) = judge([analysed(intake("a"), [TRUCE, SWAP])])
    assert ending.disposition == "indexed"
    assert [claim.novelty for claim in of(ending, Claim)] == ["new", "new"]
    assert len(of(ending, Development)) == 2


def test_the_same_text_elsewhere_is_a_copy_without_claims_of_its_own() -> None:
    first, second = judge(
        [
            analysed(intake("a"), [TRUCE, SWAP]),
            analysed(intake("b", hour=50, family="river"), [TRUCE, SWAP]),
        ]
    )
    assert (second.disposition, second.reason) == ("copy", "exact_copy")
    (article,) = of(second, Article)
    assert article.copy_of == "a"
    assert not of(second, Claim)
    assert of(first, Claim)


def test_texts_without_a_word_are_no_copies_of_each_other() -> None:
    _, second = judge(
        [analysed(intake("a"), ["…"]), analysed(intake("b", hour=50, family="river"), ["Reuters"])]
    )
    assert second.disposition == "indexed"


def test_a_repeated_claim_names_the_earlier_one_and_shares_its_root() -> None:
    first, second = judge(
        [
            analysed(intake("a"), [TRUCE]),
            analysed(intake("b", hour=50, family="river"), [PORT, TRUCE]),
        ]
    )
    (original,) = of(first, Claim)
    port, again = of(second, Claim)
    assert port.novelty == "new"
    assert (again.novelty, again.prior_id, again.root_id) == (
        "repeated",
        original.id,
        original.id,
    )
    assert [development.cause_id for development in of(second, Development)] == [port.id]


def test_another_figure_is_a_change_with_its_reason_and_is_announced_as_one() -> None:
    first, second = judge(
        [
            analysed(intake("a"), [TRUCE]),
            analysed(intake("b", hour=50, family="river"), [PORT, SHORTER]),
        ]
    )
    changed = of(second, Claim)[1]
    assert changed.novelty == "changed"
    assert changed.prior_id == of(first, Claim)[0].id
    assert changed.root_id == changed.id
    assert "30" in changed.reason
    assert "10" in changed.reason
    assert of(second, Development)[1].kind == "changed_claim"


def test_order_decides_who_was_first_not_the_order_of_arrival() -> None:
    late = analysed(intake("a", hour=60), [TRUCE, SWAP])
    early = analysed(intake("b", hour=50, family="river"), [TRUCE, SWAP])
    endings = {ending.intake.article_id: ending for ending in judge([late, early])}
    assert endings["b"].disposition == "indexed"
    assert endings["a"].disposition == "copy"


def test_an_edit_keeps_what_stands_judges_what_is_new_and_marks_what_is_gone() -> None:
    first, second = judge(
        [
            analysed(intake("a", "r1"), [TRUCE, SWAP]),
            analysed(intake("a", "r2", hour=50), [SHORTER, SWAP]),
        ]
    )
    truce, swap = of(first, Claim)
    assert second.disposition == "updated"
    fresh = [claim for claim in of(second, Claim) if claim.superseded_by is None]
    assert [claim.novelty for claim in fresh] == ["changed"]
    assert truce.superseded_by == "a-r2"
    assert swap.superseded_by is None
    edited = next(article for article in of(second, Article) if article.id == "a-r2")
    assert swap.id in edited.claim_ids
    assert of(first, Article)[0].superseded_by == "a-r2"


def test_an_edit_that_another_has_printed_first_withdraws_only_what_is_gone() -> None:
    """An agency's correction may come after the full text has been carried elsewhere."""
    held = HeldPosition("ukraine", "ukraine", "ceasefire", "supports", 0.8)
    more = ["The envoys will meet again in Geneva on Friday.", "Snow closed the mountain road."]
    first, _, edited = judge(
        [
            analysed(intake("a", "r1"), [SHORTER, SWAP], positions={SWAP: held, SHORTER: held}),
            analysed(intake("b", hour=49, family="river"), [PORT, SWAP, *more]),
            analysed(intake("a", "r2", hour=50), [PORT, SWAP, *more], positions={SWAP: held}),
        ]
    )
    assert edited.disposition == "copy"
    assert {one.text: one.superseded_by for one in of(first, Claim)} == {
        SHORTER: "a-r2",
        SWAP: None,
    }
    assert {one.text: one.superseded_by for one in of(first, Position)} == {
        SHORTER: "a-r2",
        SWAP: None,
    }
    copy = next(article for article in of(edited, Article) if article.id == "a-r2")
    assert copy.claim_ids == tuple(one.id for one in of(first, Claim) if one.text == SWAP)


def test_a_shorter_view_by_the_feed_withdraws_nothing_that_the_page_said() -> None:
    """The page answers 503, 429 or with a wall when the headline was edited."""
    held = HeldPosition("ukraine", "ukraine", "ceasefire", "supports", 0.8)
    read = analysed(intake("a", "r1"), [TRUCE, SWAP], positions={SWAP: held})
    teaser = analysed(intake("a", "r2", hour=50), [TRUCE], text_from="feed")
    again = analysed(intake("a", "r3", hour=52), [TRUCE, PORT])
    assert marks(sweeps([read], [teaser])) == {TRUCE: None, SWAP: None}
    assert marks(sweeps([read], [teaser], [again])) == {TRUCE: None, SWAP: "a-r3", PORT: None}
    assert marks(sweeps([read, teaser, again])) == {TRUCE: None, SWAP: "a-r3", PORT: None}


def test_of_views_by_the_feed_the_later_one_withdraws() -> None:
    first = analysed(intake("a", "r1"), [TRUCE, SWAP], text_from="feed")
    second = analysed(intake("a", "r2", hour=50), [TRUCE], text_from="feed")
    assert marks(sweeps([first], [second])) == {TRUCE: None, SWAP: "a-r2"}


def test_an_edit_that_leads_past_a_dossier_withdraws_only_what_is_gone() -> None:
    """The headline decides which dossiers a revision is judged for; the text still says it."""
    both, one = ("ukraine", "iran"), ("ukraine",)
    held = HeldPosition("iran", "ukraine", "ceasefire", "supports", 0.8)
    stored = sweeps(
        [analysed(intake("a", "r1"), [TRUCE, SWAP], positions={TRUCE: held}, dossiers=both)],
        [analysed(intake("a", "r2", hour=50), [TRUCE], dossiers=one)],
    )
    said = [one for one in stored.values() if isinstance(one, Claim | Position)]
    assert {one.dossier for one in said} == {"ukraine", "iran"}
    assert marks(stored) == {TRUCE: None, SWAP: "a-r2"}


def test_marks_do_not_depend_on_how_revisions_fall_into_sweeps() -> None:
    one = analysed(intake("a", "r1"), [TRUCE, SWAP])
    two = analysed(intake("a", "r2", hour=50), [SHORTER, SWAP])
    three = analysed(intake("a", "r3", hour=52), [SHORTER, PORT])
    apart = sweeps([one], [two], [three])
    assert sweeps([one], [two, three]) == apart
    first, second = apart["a-r1"], apart["a-r2"]
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.superseded_by, second.superseded_by) == ("a-r2", "a-r3")


def test_what_an_edit_takes_back_and_a_later_one_restores_is_not_new_again() -> None:
    endings = judge(
        [
            analysed(intake("a", "r1"), [TRUCE, SWAP]),
            analysed(intake("a", "r2", hour=50), [SWAP]),
            analysed(intake("a", "r3", hour=52), [TRUCE, SWAP]),
        ]
    )
    truce = of(endings[0], Claim)[0]
    assert truce.superseded_by is None
    assert not of(endings[2], Development)


def test_an_edit_of_a_sentence_is_a_repetition_however_old_the_article_is() -> None:
    reworded = TRUCE.removesuffix(".") + ", officials said."
    first = analysed(intake("a", "r1"), [TRUCE, SWAP])
    edited = analysed(intake("a", "r2", hour=48 + 24 * 100), [reworded, SWAP])
    stored = sweeps([first], [edited])
    verdicts = {one.text: one.novelty for one in stored.values() if isinstance(one, Claim)}
    assert verdicts == {TRUCE: "new", SWAP: "new", reworded: "repeated"}


def test_an_edit_of_an_article_that_was_pruned_announces_nothing() -> None:
    """What it said before has gone from memory, so all of it would pass for news."""
    late = 48 + 24 * 100
    edited = intake("a", "r2", hour=late)
    (ending,) = judge([analysed(edited, [TRUCE, SWAP])])
    assert of(ending, Claim)
    assert not of(ending, Development)
    (young,) = judge([analysed(replace(edited, month="2026-06"), [TRUCE, SWAP])])
    assert of(young, Development)


def test_what_a_killed_attempt_wrote_and_the_next_does_not_say_is_withdrawn() -> None:
    """The page, which is not kept, was edited in between."""
    held = HeldPosition("ukraine", "ukraine", "ceasefire", "supports", 0.8)
    killed = analysed(intake("a"), [TRUCE, SWAP], positions={TRUCE: held})
    again = analysed(intake("a"), [SWAP, PORT])
    assert marks(sweeps([killed], [again])) == {TRUCE: "a-r1", SWAP: None, PORT: None}
    thrice = marks(sweeps([killed], [again], [killed]))
    assert thrice == {TRUCE: None, SWAP: None, PORT: "a-r1"}


def test_a_claim_said_twice_in_one_article_is_one_development() -> None:
    (ending,) = judge([analysed(intake("a"), [TRUCE, "Reports said: " + TRUCE, TRUCE])])
    assert [claim.novelty for claim in of(ending, Claim)][:1] == ["new"]
    assert len(of(ending, Development)) == 1


def test_nothing_from_a_backlog_is_announced() -> None:
    (ending,) = judge([analysed(intake("a", backlog=True), [TRUCE])])
    assert of(ending, Claim)
    assert not of(ending, Development)


def test_nothing_is_announced_before_the_dossier_is_warm() -> None:
    article = analysed(intake("a", hour=24), [TRUCE])
    assert not of(judge([article], warm_hours=24)[0], Development)
    assert of(judge([article], warm_hours=23)[0], Development)


def test_what_a_later_revision_has_withdrawn_is_not_announced() -> None:
    """A dead letter of the first revision is replayed when the second is long in the archive."""
    first = analysed(intake("a", "r1"), [TRUCE, SWAP])
    second = analysed(intake("a", "r2", hour=50), [SWAP, PORT])
    stored = sweeps([second], [first])
    announced = [one.text for one in stored.values() if isinstance(one, Development)]
    assert sorted(announced) == sorted([SWAP, PORT])
    assert marks(stored) == {TRUCE: "a-r2", SWAP: None, PORT: None}
    assert set(stored) == set(sweeps([first, second])), "as in a sweep that has both"


def test_what_one_paper_withdraws_and_another_stands_by_is_announced() -> None:
    """In one sweep, where the other was judged to repeat it."""
    endings = judge(
        [
            analysed(intake("a", "r1"), [TRUCE, SWAP]),
            analysed(intake("b", hour=49, family="river"), [PORT, TRUCE]),
            analysed(intake("a", "r2", hour=50), [SWAP]),
        ]
    )
    (root,) = (one for one in of(endings[0], Claim) if one.text == TRUCE)
    assert root.superseded_by == "a-r2"
    announced = [one.text for ending in endings for one in of(ending, Development)]
    assert sorted(announced) == sorted([TRUCE, SWAP, PORT])
    alone = judge(
        [analysed(intake("a", "r1"), [TRUCE, SWAP]), analysed(intake("a", "r2", hour=50), [SWAP])]
    )
    assert [one.text for ending in alone for one in of(ending, Development)] == [SWAP]


def test_a_late_first_revision_is_marked_as_if_it_had_come_first() -> None:
    first = analysed(intake("a", "r1"), [TRUCE, SWAP])
    later = [
        analysed(intake("a", "r2", hour=50), [PORT], text_from="feed"),
        analysed(intake("a", "r3", hour=52), [SWAP]),
        analysed(intake("a", "r4", hour=54), [TRUCE]),
    ]
    said = marks(sweeps(*([one] for one in later), [first]))
    assert {TRUCE: said[TRUCE], SWAP: said[SWAP]} == {TRUCE: None, SWAP: "a-r4"}


def test_a_development_tells_the_party_that_holds_the_position() -> None:
    held = HeldPosition("ukraine", "ukraine", "ceasefire", "supports", 0.8)
    (ending,) = judge([analysed(intake("a"), [TRUCE], positions={TRUCE: held})])
    (development,) = of(ending, Development)
    assert (development.party, development.stance) == ("ukraine", "supports")
    (position,) = of(ending, Position)
    assert position.text == TRUCE


def test_without_a_position_it_tells_the_party_named_first() -> None:
    (ending,) = judge([analysed(intake("a"), [TRUCE])])
    assert of(ending, Development)[0].party == "russia"


def test_a_rerun_gives_the_same_verdicts() -> None:
    articles = [
        analysed(intake("a"), [TRUCE, SWAP]),
        analysed(intake("b", hour=50, family="river"), [SHORTER, PORT]),
        analysed(intake("a", "r2", hour=51), [TRUCE, PORT]),
    ]
    assert judge(articles) == judge(list(reversed(articles)))

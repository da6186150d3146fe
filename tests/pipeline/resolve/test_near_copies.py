"""What a near copy adds is judged; what it has from the original, and what it repeats, is not."""

import pytest

from connectors.archive.documents import Article, Claim, Development, Position
from models.judgement import HeldPosition
from pipeline.records import Analysed
from tests.pipeline.resolve.builders import analysed, intake
from tests.pipeline.resolve.test_resolve import judge, marks, of, sweeps

REPORT = [
    "Iran's foreign minister will meet the American envoy in Muscat on Saturday, Oman said.",
    "The ministry left open how long the session would last and who else would take part.",
    "Muscat has hosted several rounds of contacts between the two governments since the spring.",
    "European diplomats said that they had been told about the plan in advance.",
]
CALLED_OFF = "Iran called off the meeting late on Friday and withdrew its delegation, envoys said."
STRIKE = "Five inspectors were killed in an Israeli strike on Isfahan on Friday, the agency said."
CORRECTION = "Correction: Iran did not ask for the meeting, as this report said earlier."
HELD = HeldPosition("ukraine", "russia", "ceasefire", "opposes", 0.8)


def original() -> Analysed:
    return analysed(intake("a"), REPORT)


@pytest.mark.parametrize(
    ("sentences", "added"),
    [
        ([*REPORT, CALLED_OFF], CALLED_OFF),
        ([REPORT[0], STRIKE, *REPORT[1:]], STRIKE),
        ([*REPORT, CORRECTION], CORRECTION),
    ],
)
def test_what_is_added_to_known_text_is_announced(sentences: list[str], added: str) -> None:
    held = {added: HELD, REPORT[0]: HELD}
    _, copy = judge(
        [original(), analysed(intake("b", hour=50, family="river"), sentences, positions=held)]
    )
    assert (copy.disposition, copy.reason) == ("copy", "near_copy")
    assert [one.text for one in of(copy, Claim)] == [added]
    assert [one.text for one in of(copy, Position)] == [added]
    assert [one.text for one in of(copy, Development)] == [added]
    (article,) = of(copy, Article)
    assert article.copy_of == "a"
    assert article.claim_ids == tuple(one.id for one in of(copy, Claim))


def test_a_word_edited_adds_nothing() -> None:
    edited = [REPORT[0].replace("American", "U.S."), *REPORT[1:]]
    _, copy = judge([original(), analysed(intake("b", hour=50, family="river"), edited)])
    assert copy.reason == "near_copy"
    assert not of(copy, Claim)


def test_an_update_of_what_was_copied_is_judged_and_stands_through_later_revisions() -> None:
    copied = analysed(intake("b", "r1", hour=50, family="river"), REPORT)
    updated = analysed(intake("b", "r2", hour=52, family="river"), [*REPORT, CALLED_OFF])
    again = analysed(
        intake("b", "r3", hour=54, family="river"), [REPORT[0], *REPORT[2:], CALLED_OFF]
    )
    _, first, second, third = judge([original(), copied, updated, again])
    assert (first.reason, second.reason, third.reason) == ("exact_copy", "near_copy", "near_copy")
    assert not of(first, Claim)
    assert [one.text for one in of(second, Development)] == [CALLED_OFF]
    (claim,) = of(second, Claim)
    assert claim.superseded_by is None
    assert not of(third, Claim)
    assert of(third, Article)[0].claim_ids == (claim.id,)


def test_an_update_that_is_taken_back_is_withdrawn() -> None:
    stored = sweeps(
        [
            original(),
            analysed(intake("b", "r1", hour=50, family="river"), [*REPORT, CALLED_OFF]),
            analysed(intake("b", "r2", hour=52, family="river"), REPORT),
        ]
    )
    assert marks(stored) == {**dict.fromkeys(REPORT, None), CALLED_OFF: "b-r2"}
    announced = {one.text for one in stored.values() if isinstance(one, Development)}
    assert announced == set(REPORT)


def test_who_copies_an_article_with_its_update_corroborates_neither() -> None:
    """The second copy of the update is one of the original, in which the update is not."""
    held = {CALLED_OFF: HELD}
    first, second, third = judge(
        [
            original(),
            analysed(intake("b", hour=50, family="river"), [*REPORT, CALLED_OFF], positions=held),
            analysed(intake("c", hour=52, family="hill"), [*REPORT, CALLED_OFF], positions=held),
        ]
    )
    assert (second.reason, third.reason) == ("near_copy", "near_copy")
    assert not of(third, Claim)
    assert not of(third, Position)
    assert {one.family for one in of(first, Claim)} == {"harbour"}


def test_an_update_serves_as_memory() -> None:
    _, copy, report = judge(
        [
            original(),
            analysed(intake("b", hour=50, family="river"), [*REPORT, CALLED_OFF]),
            analysed(intake("c", hour=52, family="hill"), [STRIKE, CALLED_OFF]),
        ]
    )
    (update,) = of(copy, Claim)
    assert [(one.novelty, one.root_id) for one in of(report, Claim)][1] == ("repeated", update.id)


def test_what_an_article_said_before_it_became_a_copy_stands_in_other_words() -> None:
    reworded = CALLED_OFF.removesuffix("envoys said.") + "the envoys said late."
    _, mine, edited = judge(
        [
            original(),
            analysed(intake("b", "r1", hour=50, family="river"), [STRIKE, CALLED_OFF]),
            analysed(intake("b", "r2", hour=52, family="river"), [*REPORT, reworded]),
        ]
    )
    assert edited.reason == "near_copy"
    root = next(one for one in of(mine, Claim) if one.text == CALLED_OFF)
    kept = [(one.novelty, one.root_id) for one in of(edited, Claim) if one.text == reworded]
    assert kept == [("repeated", root.id)]

"""The verdict on written sentences, without vectors: what words and slots alone decide."""

import numpy as np
import pytest

from models.novelty import NoveltyVerdict, Statement, judge

STRIKE = "At least six people were killed when a missile hit an apartment block in Kharkiv."
PLAN = "Special envoy Steve Witkoff will meet President Vladimir Putin in Moscow on Wednesday."
TRUCE = "The United States has proposed a 30-day ceasefire on land, at sea and in the air."
OIL = "Brent futures rose 12 cents to $71.84 a barrel after a quiet session in London."
EARLIER = [STRIKE, PLAN, TRUCE, OIL]


def verdict(text: str, *, is_claim: bool = True, earlier: list[str] = EARLIER) -> NoveltyVerdict:
    return judge(Statement(text), [Statement(one) for one in earlier], is_claim)


@pytest.mark.parametrize("place", range(len(EARLIER)))
def test_same_sentence_is_repeated_and_names_its_prior(place: int) -> None:
    found = verdict(EARLIER[place])
    assert (found.novelty, found.prior) == ("repeated", place)
    assert found.reason == "covered by an earlier sentence"


@pytest.mark.parametrize(
    ("text", "prior", "reason"),
    [
        (STRIKE.replace("six", "nine"), 0, "figure six → nine killed"),
        (PLAN.replace("Wednesday", "Friday"), 1, "date Wednesday → Friday"),
        (PLAN.replace("will meet", "met"), 1, "status will meet → met"),
        (PLAN.replace("Moscow", "Geneva"), 1, "in Moscow → Geneva"),
        (TRUCE.replace("30-day", "72-hour"), 2, "figure 30 day → 72 hour"),
        (OIL.replace("rose", "fell"), 3, "rose → fell"),
        (OIL.replace("71.84", "72.02"), 3, "figure $71.84 → $72.02"),
    ],
)
def test_conflict_in_one_slot_is_a_change(text: str, prior: int, reason: str) -> None:
    found = verdict(text)
    assert (found.novelty, found.prior, found.reason) == ("changed", prior, reason)


def test_called_off_is_a_change_of_status() -> None:
    text = "The meeting of envoy Steve Witkoff and Putin in Moscow on Wednesday was cancelled."
    assert verdict(text).reason == "status → cancelled"


def test_equal_value_in_other_words_is_no_change() -> None:
    text = "Washington has proposed a ceasefire of a month on land, at sea and in the air."
    assert verdict(text).novelty == "repeated"


def test_value_that_another_sentence_gave_is_no_change() -> None:
    earlier = [STRIKE, STRIKE.replace("six", "nine")]
    assert verdict(STRIKE.replace("six", "nine"), earlier=earlier).novelty == "repeated"


def test_day_of_the_statement_is_no_change() -> None:
    earlier = ["Tehran will attend the talks in Muscat, Araqchi said on Monday."]
    assert verdict(earlier[0].replace("Monday", "Tuesday"), earlier=earlier).novelty == "repeated"


def test_several_sentences_may_cover_one() -> None:
    earlier = ["Hungary threatened to block the sanctions.", "Slovakia has doubts on sanctions."]
    text = "Hungary threatened to block the sanctions and Slovakia has doubts."
    found = verdict(text, earlier=earlier)
    assert found.novelty == "repeated"
    assert found.reason == "covered by earlier sentences"


def test_unmatched_claim_is_new_and_has_no_prior() -> None:
    found = verdict("Turkey offered to inspect grain cargoes in the Bosphorus.")
    assert (found.novelty, found.prior) == ("new", None)
    assert found.reason == "no earlier sentence like it"


def test_unmatched_sentence_that_is_no_claim_is_none() -> None:
    assert verdict("It had been a long winter.", is_claim=False).novelty == "none"


def test_moved_price_is_a_change_though_no_claim() -> None:
    assert verdict(OIL.replace("12", "40"), is_claim=False).novelty == "changed"


@pytest.mark.parametrize(
    "text",
    [
        "Please enable JavaScript in your browser settings.",
        "Subscribe to our newsletter",
        "said on Monday.",
        "",
        "…",
    ],
)
def test_page_furniture_and_empty_fragments_are_none_even_when_seen_before(text: str) -> None:
    assert verdict(text, earlier=[*EARLIER, text]).novelty == "none"


def test_question_is_none() -> None:
    assert verdict("What will Putin do now?", is_claim=False).novelty == "none"


def test_nothing_earlier_makes_every_claim_new() -> None:
    assert verdict(STRIKE, earlier=[]).novelty == "new"


def test_vectors_bring_paraphrases_together() -> None:
    text = "A rocket struck a residential building, leaving half a dozen dead in Kharkiv."
    vector = np.ones(4, dtype=np.float32) / 2
    without = judge(Statement(text), [Statement(STRIKE)], True)
    together = judge(Statement(text, vector), [Statement(STRIKE, vector)], True)
    assert together.score > without.score


def test_verdict_does_not_depend_on_the_order_of_what_is_known() -> None:
    text = STRIKE.replace("six", "nine")
    assert verdict(text).reason == verdict(text, earlier=EARLIER[::-1]).reason


def test_link_targets_are_not_read() -> None:
    text = TRUCE.replace("ceasefire", "[ceasefire](https://example.org/2026/03/05/9-killed.html)")
    assert verdict(text).novelty == "repeated"

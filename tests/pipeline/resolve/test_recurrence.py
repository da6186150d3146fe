"""The same words about another day, and a party that turns back, are no repetitions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.archive.documents import Claim, Development
from pipeline.records import Analysed, Ending
from pipeline.resolve.recurrence import recurs, tells_day
from tests.pipeline.resolve.builders import START, analysed, intake
from tests.pipeline.resolve.test_resolve import judge, of

TALKS = "Iran and the United States will hold talks in Muscat on Saturday, Oman said."
DRONES = "Russia attacked Kyiv with 120 drones overnight, the air force said."
FEWER = "Russia attacked Kyiv with 90 drones overnight, the air force said."
UNDATED = "Iran will let inspectors visit both of its sites near Isfahan, Oman said."
OPEN = "Iran said the Strait of Hormuz is open to shipping."
CLOSED = "Iran said the Strait of Hormuz is closed to shipping."
OTHERS = [
    "Two shops burned down in the old town.",
    "Trams stood still until noon there.",
    "Grain ships left the southern harbours as planned.",
    "Fuel queues grew longer in the capital.",
    "Snow closed the mountain road to the border.",
    "A school was hit by debris in the north.",
    "Farmers brought in the last of the wheat.",
    "Pupils went back to their classes after the break.",
    "The football league put off its opening match.",
    "A new bridge over the river will be lit in blue.",
    "Shops in the market hall sold out of candles.",
    "The museum showed coins from a sunken galley.",
]


def told(*said: tuple[float, str]) -> list[Ending]:
    """Each by another publisher, on a day, above other sentences, so that none is a copy."""
    return judge(
        [
            analysed(
                intake(f"a{n}", hour=48 + 24 * day, family=f"f{n}"),
                [text, *OTHERS[2 * n : 2 * n + 2]],
            )
            for n, (day, text) in enumerate(said)
        ]
    )


def first_claim(ending: Ending) -> Claim:
    return next(one for one in of(ending, Claim) if one.text not in OTHERS)


def verdicts(endings: Sequence[Ending]) -> list[tuple[str, str]]:
    return [(one.novelty, one.reason) for one in map(first_claim, endings)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [(TALKS, "date: a later Saturday"), (DRONES, "date: a later day")],
)
def test_the_same_words_two_weeks_later_are_of_another_day(text: str, reason: str) -> None:
    first, second = told((0, text), (14, text))
    prior, claim = first_claim(first), first_claim(second)
    assert (claim.novelty, claim.reason) == ("changed", reason)
    assert (claim.prior_id, claim.root_id) == (prior.id, claim.id)
    assert text in [one.text for one in of(second, Development)]


def test_within_six_days_and_without_a_day_they_are_a_repetition() -> None:
    assert first_claim(told((0, TALKS), (6, TALKS))[1]).novelty == "repeated"
    assert first_claim(told((0, UNDATED), (14, UNDATED))[1]).novelty == "repeated"


def test_the_next_to_say_so_repeats_the_later_round() -> None:
    endings = told((0, TALKS), (13, TALKS), (14, TALKS))
    later, again = first_claim(endings[1]), first_claim(endings[2])
    assert (again.novelty, again.root_id) == ("repeated", later.id)


def test_what_was_said_of_this_round_is_what_a_figure_is_compared_with() -> None:
    endings = told((0, DRONES), (13, FEWER), (14, DRONES))
    assert verdicts(endings)[2] == ("changed", "figure 90 → 120")


def test_said_twice_in_one_article_it_is_one_development() -> None:
    twice = "Oman said: " + TALKS
    old = analysed(intake("a", hour=48), [TALKS, OTHERS[0]])
    new = analysed(intake("b", hour=48 + 24 * 14, family="river"), [TALKS, OTHERS[1], twice])
    _, second = judge([old, new])
    assert [one.text for one in of(second, Development)] == [TALKS, OTHERS[1]]


def test_an_old_article_that_is_seen_late_speaks_of_its_own_day() -> None:
    old = analysed(intake("a"), [TALKS, *OTHERS[:2]])
    late = replace(intake("b", hour=48 + 24 * 14, family="river"), published_at=START)
    _, second = judge([old, analysed(late, [TALKS, *OTHERS[2:4]])])
    assert first_claim(second).novelty == "repeated"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_brief_of_another_day_is_no_copy(count: int) -> None:
    text = [DRONES, *OTHERS[: count - 1]]
    near = [DRONES.replace("the air force said", "officials said"), *OTHERS[: count - 1]]
    for later in (text, near):
        endings = judge([brief("a", 0, text), brief("b", 14, later)])
        assert endings[1].disposition == "indexed"
        assert verdicts(endings)[1] == ("changed", "date: a later day")


def test_a_brief_is_a_copy_of_the_one_of_its_day() -> None:
    endings = judge([brief(name, day, [DRONES]) for name, day in (("a", 0), ("b", 13), ("c", 14))])
    assert [one.reason for one in endings] == ["", "", "exact_copy"]


@pytest.mark.parametrize("text", [[UNDATED], [DRONES, *OTHERS[:3]]])
def test_a_brief_without_a_day_or_a_longer_text_stays_a_copy(text: list[str]) -> None:
    assert judge([brief("a", 0, text), brief("b", 14, text)])[1].reason == "exact_copy"


def brief(article: str, day: int, sentences: list[str]) -> Analysed:
    return analysed(intake(article, hour=48 + 24 * day, family=article), sentences)


def test_what_holds_again_is_no_repetition_of_when_it_last_held() -> None:
    endings = told((0, OPEN), (3, CLOSED), (9, OPEN))
    closed, reopened = first_claim(endings[1]), first_claim(endings[2])
    assert (reopened.novelty, reopened.reason) == ("changed", "closed → open")
    assert (reopened.prior_id, reopened.root_id) == (closed.id, reopened.id)
    assert OPEN in [one.text for one in of(endings[2], Development)]


def test_every_turn_is_told_once() -> None:
    said = [(0, OPEN), (1, OPEN), (3, CLOSED), (9, OPEN), (10, OPEN), (12, CLOSED)]
    novelty = [word for word, _ in verdicts(told(*said))]
    assert novelty == ["new", "repeated", "changed", "changed", "repeated", "changed"]


def test_a_denial_is_a_turn() -> None:
    agreed = "Iran agreed to end enrichment for two years, state television said."
    denied = agreed.replace("agreed", "did not agree")
    assert verdicts(told((0, agreed), (2, denied), (4, agreed)))[1:] == [
        ("changed", "asserted → denied"),
        ("changed", "denied → asserted"),
    ]


def test_an_old_toll_in_a_slow_paper_is_a_repetition() -> None:
    six = "Six people were killed in the strike on the camp, health officials said."
    nine = six.replace("Six", "Nine")
    novelty = [word for word, _ in verdicts(told((0, six), (1, nine), (2, six)))]
    assert novelty == ["new", "changed", "repeated"]


@pytest.mark.parametrize(
    "text",
    [
        "Talks will be held on Saturday.",
        "Russia attacked Kyiv overnight.",
        "The envoys meet this week in Geneva.",
        "KYIV, March 3 (Reuters) - Russia attacked Kyiv overnight.",
    ],
)
def test_the_day_of_the_report_is_told(text: str) -> None:
    assert tells_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "Talks will be held on Saturday, 14 March.",
        "Iran has 400 kilograms of it, the agency said on Monday.",
        "Iran has 400 kilograms of it, the agency said today.",
        "The war began in February 2022.",
    ],
)
def test_a_date_or_the_day_on_which_it_was_said_is_not(text: str) -> None:
    assert not tells_day(text)


def test_both_must_tell_the_day() -> None:
    late = START + timedelta(days=14)
    assert recurs(TALKS, late, TALKS, START)
    assert not recurs(TALKS, late, UNDATED, START)
    assert not recurs(UNDATED, late, TALKS, START)

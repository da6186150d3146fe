"""Scores of hand-made answers, counted by hand."""

from typing import Any

import pytest

from models.evaluate import NOVELTY_TASKS, SENTENCE_TASKS, Row, Task, difference, evaluate

TASKS = {task.name: task for task in (*SENTENCE_TASKS, *NOVELTY_TASKS)}
Labels = dict[str, Any]


def scored(task: str, truth: list[Row], answers: list[Row | None], **more: Any) -> Any:
    groups = more.pop("groups", [str(number) for number in range(len(truth))])
    return evaluate(TASKS[task], truth, answers, groups, **more)


def topics(*names: str) -> Labels:
    return {"topics": list(names)}


def held(*positions: tuple[str, str, str]) -> Labels:
    return {
        "positions": [dict(zip(("party", "topic", "stance"), p, strict=True)) for p in positions]
    }


def test_topics_are_averaged_over_those_with_support() -> None:
    truth = [topics("ceasefire", "sanctions"), topics("ceasefire"), topics()]
    answers = [topics("ceasefire"), topics("ceasefire", "navigation"), topics("navigation")]
    score = scored("topics", truth, answers)
    assert score.f1 == pytest.approx((1.0 + 0.0) / 2)  # navigation has no support
    assert score.classes["navigation"].precision == 0.0
    assert score.classes["sanctions"].support == 1
    assert "alliances" not in score.classes


def test_precision_recall_and_f1_of_a_class() -> None:
    truth = [topics("ceasefire")] * 3 + [topics()]
    answers = [topics("ceasefire"), topics(), topics(), topics("ceasefire")]
    score = scored("topics", truth, answers).classes["ceasefire"]
    assert (score.precision, score.recall) == (1 / 2, 1 / 3)
    assert score.f1 == pytest.approx(2 / 5)


def test_outlook_weighs_its_three_classes_alike() -> None:
    truth = [{"outlook": label} for label in ["neutral"] * 8 + ["progress", "setback"]]
    answers: list[Row | None] = [{"outlook": "neutral"}] * 10
    assert scored("outlook", truth, answers).f1 == pytest.approx((16 / 18) / 3)


def test_claim_is_scored_by_what_is_one() -> None:
    truth = [{"claim": True}, {"claim": True}, {"claim": False}, {"claim": False}]
    answers = [{"claim": True}, {"claim": False}, {"claim": True}, {"claim": False}]
    score = scored("claim", truth, answers)
    assert score.f1 == pytest.approx(0.5)
    assert score.classes["claim"].support == 2


def test_position_counts_only_as_a_whole() -> None:
    truth = [held(("russia", "ceasefire", "opposes"), ("ukraine", "ceasefire", "supports"))]
    answers = [held(("russia", "ceasefire", "supports"), ("ukraine", "ceasefire", "supports"))]
    score = scored("positions", truth, answers)
    assert score.f1 == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))
    assert score.classes["opposes"].recall == 0.0
    assert score.classes["supports"].precision == 0.5


def test_position_found_twice_counts_once() -> None:
    one = ("iran", "sanctions", "supports")
    assert scored("positions", [held(one)], [held(one, one)]).f1 == 1.0


def test_either_of_two_right_labels_is_right() -> None:
    truth = [{"novelty": ["changed", "new"]}] * 2 + [{"novelty": ["changed", "new"]}]
    answers = [{"novelty": "changed"}, {"novelty": "new"}, {"novelty": "none"}]
    classes = scored("novelty", truth, answers).classes
    assert classes["new"].f1 == 1.0
    assert classes["changed"].support == 2  # what is missed is missed as the first of the labels
    assert classes["changed"].recall == 0.5


@pytest.mark.parametrize("task", sorted(TASKS))
def test_missing_answer_finds_nothing(task: str) -> None:
    truth = {"outlook": "progress", "claim": True, "novelty": "new"} | topics("territory")
    truth |= held(("egypt", "ceasefire", "supports"))
    score = scored(task, [truth], [None])
    assert score.f1 == 0.0
    assert sum(one.support for one in score.classes.values()) == 1


@pytest.mark.parametrize("task", sorted(TASKS))
def test_true_answers_score_one_with_no_doubt(task: str) -> None:
    row = {"outlook": "progress", "claim": True, "novelty": "new"} | topics("territory")
    row |= held(("egypt", "ceasefire", "supports"))
    score = scored(task, [row] * 7, [row] * 7)
    assert (score.f1, score.interval.low, score.interval.high) == (1.0, 1.0, 1.0)


def test_interval_holds_the_score_and_is_the_same_each_time() -> None:
    truth = [topics("ceasefire")] * 40
    answers = [topics("ceasefire")] * 30 + [topics()] * 10
    one, again = (scored("topics", truth, answers, seed=3) for _ in range(2))
    assert one == again
    assert one.interval.low < one.f1 < one.interval.high


def test_rows_of_one_article_are_drawn_together() -> None:
    """Ten articles of four sentences each say less than forty sentences of their own."""
    truth = [topics("ceasefire")] * 40
    answers = [topics("ceasefire")] * 30 + [topics()] * 10
    alone = scored("topics", truth, answers).interval
    together = scored("topics", truth, answers, groups=[str(n // 4) for n in range(40)])
    assert together.groups == 10
    assert together.n == 40
    assert together.interval.high - together.interval.low > 1.5 * (alone.high - alone.low)


def test_difference_of_answers_to_themselves_is_nothing() -> None:
    truth, answers = [topics("ceasefire"), topics()], [topics(), topics("ceasefire")]
    gap, interval = difference(TASKS["topics"], truth, answers, answers, ["a", "b"])
    assert (gap, interval.low, interval.high) == (0.0, 0.0, 0.0)


def test_difference_of_paired_answers_is_surer_than_their_scores() -> None:
    truth = [{"claim": n % 2 == 0} for n in range(60)]
    answers: list[Row | None] = [{"claim": n % 2 == 0 and n % 3 > 0} for n in range(60)]
    others = [answers[n] if n % 10 else {"claim": False} for n in range(60)]
    groups = [str(n) for n in range(60)]
    gap, interval = difference(TASKS["claim"], truth, answers, others, groups)
    assert gap > 0
    own = evaluate(TASKS["claim"], truth, answers, groups).interval
    assert interval.high - interval.low < own.high - own.low


@pytest.mark.parametrize("task", [TASKS["claim"], TASKS["topics"]])
def test_rows_that_do_not_pair_up_are_an_error(task: Task) -> None:
    row = {"claim": True} | topics()
    with pytest.raises(ValueError, match="no row"):
        evaluate(task, [], [], [])
    with pytest.raises(ValueError, match="shorter"):
        evaluate(task, [row, row], [row], ["a", "b"])

"""What the rules find weighed together: by the decision that ships, and by one of a single mind."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.novelty import Decision, NoveltyVerdict, Statement, judge
from models.novelty.decision import shipped_decision
from models.taxonomy import NOVELTIES, Novelty

EARLIER = [
    "Norway's sovereign wealth fund has sold its stakes in eleven Israeli companies.",
    "Finance Minister Jens Stoltenberg ordered a review of the rules.",
    "The fund is worth 1.9 trillion dollars.",
]
TEXT = "Oslo's oil money has parted with almost a dozen shareholdings."


def always(novelty: Novelty) -> Decision:
    """A decision that says the same of all that it weighs."""
    bias = np.array([100.0 * (name == novelty) for name in NOVELTIES])
    return replace(shipped_decision(), bias=bias)


def statements(texts: Sequence[str]) -> list[Statement]:
    """All as near each other as sentences on one matter are."""
    vectors = np.eye(len(texts), 8, dtype=np.float32) * 0.6 + 0.28
    return [Statement(t, v / np.linalg.norm(v)) for t, v in zip(texts, vectors, strict=True)]


def verdict(
    decision: Decision | None, text: str = TEXT, *, claim_score: float = 0.9
) -> NoveltyVerdict:
    later, *earlier = statements([text, *EARLIER])
    is_claim = claim_score >= 0.5
    return judge(later, earlier, is_claim, claim_score=claim_score, decision=decision)


@pytest.mark.parametrize(
    ("novelty", "reason"),
    [
        ("repeated", "said before in other words"),
        ("changed", "figure eleven → a dozen"),
    ],
)
def test_an_overruled_verdict_points_to_the_likeliest_candidate(
    novelty: Novelty, reason: str
) -> None:
    assert verdict(None).novelty == "new"
    found = verdict(always(novelty))
    assert (found.novelty, found.prior, found.reason) == (novelty, 0, reason)


@pytest.mark.parametrize(
    ("novelty", "reason"), [("new", "more than earlier sentences say"), ("none", "no claim")]
)
def test_what_is_new_or_none_after_all_has_no_prior(novelty: Novelty, reason: str) -> None:
    text = EARLIER[0].replace("eleven", "twelve")
    assert verdict(None, text).prior == 0
    found = verdict(always(novelty), text)
    assert (found.novelty, found.prior, found.reason) == (novelty, None, reason)


def test_a_verdict_that_the_decision_shares_is_that_of_the_rules() -> None:
    text = EARLIER[0].replace("eleven", "twelve")
    assert verdict(None, text).novelty == "changed"
    assert verdict(always("changed"), text) == verdict(None, text)


def test_a_change_that_is_none_after_all_is_not_given_as_the_reason() -> None:
    text = EARLIER[0].replace("eleven", "twelve")
    found = verdict(always("repeated"), text)
    assert (found.novelty, found.prior) == ("repeated", 0)
    assert found.reason == "said before in other words"


def test_what_ships_weighs_whether_the_sentence_is_a_claim() -> None:
    assert verdict(shipped_decision()).novelty == "new"
    assert verdict(shipped_decision(), claim_score=0.01).novelty == "none"


@pytest.mark.parametrize("novelty", NOVELTIES)
def test_the_same_words_are_repeated_whatever_the_decision(novelty: Novelty) -> None:
    later, *earlier = statements([EARLIER[0], *EARLIER])
    later = Statement(later.text, earlier[0].vector)
    found = judge(later, earlier, True, claim_score=0.9, decision=always(novelty))
    assert (found.novelty, found.prior) == ("repeated", 0)


def test_what_is_far_from_all_that_is_known_is_new() -> None:
    far = Statement(TEXT, np.eye(8, dtype=np.float32)[7])
    earlier = [Statement(t, np.eye(8, dtype=np.float32)[0]) for t in EARLIER]
    found = judge(far, earlier, True, claim_score=0.9, decision=shipped_decision())
    assert (found.novelty, found.prior) == ("new", None)


@pytest.mark.parametrize("novelty", NOVELTIES)
def test_page_furniture_is_none_whatever_the_decision(novelty: Novelty) -> None:
    assert verdict(always(novelty), "Subscribe to our newsletter").novelty == "none"


def test_the_decision_knows_every_class() -> None:
    decision = shipped_decision()
    assert decision.weight.shape[0] == decision.bias.shape[0] == len(NOVELTIES)
    assert decision.weight.shape[1] == len(decision.mean) == len(decision.scale)

"""Rules and a reading weighed together, with a reader that says what the test wants."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.novelty import Statement, judge
from models.novelty.decision import Decision, Weighing, shared_weighing
from models.novelty.pairs import PairReading

EARLIER = [
    "Norway's sovereign wealth fund has sold its stakes in eleven Israeli companies.",
    "Finance Minister Jens Stoltenberg ordered a review of the rules.",
    "The fund is worth 1.9 trillion dollars.",
]
TEXT = "Oslo's oil money has parted with almost a dozen shareholdings."
WITH_READER = Decision.of(json.loads(Path(__file__).with_name("decision.json").read_text()))
SURE, HARDLY = -0.05, -5.0


class Reader:
    """Finds `relation` in the earlier sentence of that place, and counts how often it is asked."""

    def __init__(self, relation: int, novelty: int, place: int = 0) -> None:
        self.asked = 0
        self._relation, self._novelty, self._place = relation, novelty, place

    def read(self, later: str, earlier: Sequence[str]) -> PairReading:
        self.asked += 1
        alone = np.full((len(earlier), 3), HARDLY, dtype=np.float32)
        alone[:, 1] = SURE
        together = np.full(7, HARDLY, dtype=np.float32)
        together[[self._relation, 3 + self._novelty]] = SURE
        alone[self._place, [1, self._relation]] = HARDLY, SURE
        return PairReading(together, alone)


def statements(texts: Sequence[str]) -> list[Statement]:
    """All as near each other as sentences on one matter are."""
    vectors = np.eye(len(texts), 8, dtype=np.float32) * 0.6 + 0.28
    return [Statement(t, v / np.linalg.norm(v)) for t, v in zip(texts, vectors, strict=True)]


def verdict(reader: Reader | None, text: str = TEXT):
    later, *earlier = statements([text, *EARLIER])
    return judged(later, earlier, reader)


def judged(later: Statement, earlier: Sequence[Statement], reader: Reader | None):
    weighing = Weighing(WITH_READER, reader)
    return judge(later, earlier, True, claim_score=0.9, weighing=weighing)


def test_only_a_reader_finds_repeated_what_is_said_in_other_words():
    assert verdict(None).novelty != "repeated"
    found = verdict(Reader(0, 2))
    assert found.novelty == "repeated"
    assert found.reason == "said before in other words"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_prior_is_the_sentence_that_the_reader_finds(place: int):
    likest = [EARLIER[verdict(Reader(0, 2, at)).prior or 0] for at in range(3)]
    assert sorted(likest) == sorted(EARLIER)
    assert verdict(Reader(2, 1, place)).prior == verdict(Reader(0, 2, place)).prior


def test_a_conflict_in_other_words_is_a_change():
    found = verdict(Reader(2, 1))
    assert found.novelty == "changed"
    assert found.prior is not None


def test_what_the_reader_finds_nowhere_is_new_and_has_no_prior():
    found = verdict(Reader(1, 0))
    assert (found.novelty, found.prior) == ("new", None)


def test_the_same_words_are_repeated_without_asking():
    reader = Reader(1, 0)
    later, *earlier = statements([EARLIER[0], *EARLIER])
    later = Statement(later.text, earlier[0].vector)
    assert judged(later, earlier, reader).novelty == "repeated"
    assert reader.asked == 0


def test_what_is_far_from_all_that_is_known_is_new_without_asking():
    reader = Reader(0, 2)
    far = Statement(TEXT, np.eye(8, dtype=np.float32)[7])
    earlier = [Statement(t, np.eye(8, dtype=np.float32)[0]) for t in EARLIER]
    assert judged(far, earlier, reader).novelty == "new"
    assert reader.asked == 0


def test_page_furniture_is_none_whatever_the_reader_says():
    reader = Reader(0, 2)
    assert verdict(reader, "Subscribe to our newsletter").novelty == "none"
    assert reader.asked == 0


def test_the_decision_knows_every_class():
    for weights in (shared_weighing().decision.plain, WITH_READER.plain, WITH_READER.full):
        assert weights.weight.shape[0] == weights.bias.shape[0] == 4
        assert weights.weight.shape[1] == len(weights.mean) == len(weights.scale)


def test_what_ships_decides_without_a_pair_model():
    weighing = shared_weighing()
    assert weighing.reader is None
    assert weighing.decision.full is None
    later, *earlier = statements([TEXT, *EARLIER])
    found = judge(later, earlier, True, claim_score=0.9, weighing=weighing)
    assert found.novelty in ("new", "changed")

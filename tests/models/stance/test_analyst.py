import numpy as np

from models.judgement import HeldPosition, Judged, Judgement
from models.stance.analyst import MOST, WithStance
from models.subject import Subject

POSITION = HeldPosition("norland-suria", "suria", "ceasefire", "supports", 0.9)


class Inner:
    """An analyst that finds a claim in everything, and a position for each subject it is given."""

    def __init__(self):
        self.versions = {"encoder": "e", "stance": "inner"}

    def judge(self, sentences, subjects):
        positions = (POSITION,) * len(subjects)
        one = Judgement({"ceasefire": 0.8}, "neutral", 0.7, True, 0.9, positions)
        return Judged((one,) * len(sentences), np.ones((len(sentences), 384), np.float32))


class LastWord:
    """A stance model that finds a position where a sentence ends in `yes`."""

    version = "last-word"

    def positions(self, sentences, vectors, subjects):
        assert vectors.shape == (len(sentences), 384)
        assert all(len(text) <= MOST for text in sentences)
        return [(POSITION,) if text.endswith("yes") else () for text in sentences]


def test_positions_are_the_stance_model_s_and_the_rest_the_inner_analyst_s(subject: Subject):
    judged = WithStance(Inner(), LastWord()).judge(["yes", "no", "y" * 9999], [subject])
    assert [one.positions for one in judged.judgements] == [(POSITION,), (), ()]
    assert all(one.is_claim and one.topics == {"ceasefire": 0.8} for one in judged.judgements)


def test_the_versions_name_both_models():
    assert WithStance(Inner(), LastWord()).versions == {"encoder": "e", "stance": "last-word"}

"""How the decision of novelty is cross-validated."""

import json

import pytest

pytest.importorskip("sklearn", reason="needs the extra train")

from models.train.labels import PAIRS
from models.train.novelty_decision import groups_of


def test_pairs_that_share_an_article_are_one_group():
    of = groups_of(["a-b", "c-d", "d-e", "f-g", "e-h", "g-a"])
    assert len({of["c-d"], of["d-e"], of["e-h"]}) == 1
    assert len({of["a-b"], of["f-g"], of["g-a"]}) == 1
    assert of["a-b"] != of["c-d"]


def test_no_article_of_the_real_pairs_is_in_two_groups():
    pairs = [json.loads(line)["pair"] for line in PAIRS.read_text().splitlines()]
    of, groups = groups_of(pairs), {}
    for pair in pairs:
        for article in pair.split("-"):
            assert groups.setdefault(article, of[pair]) == of[pair]
    assert 1 < len(set(of.values())) < len(pairs)

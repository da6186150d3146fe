"""The heads in numpy against the net in torch, and what the net learns from."""

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the heads' arrays are named by what builds them")
pytest.importorskip("torch", reason="no torch here: the net is tested by its golden file alone")

import json
from dataclasses import replace

import torch

from models.multitask.build import head_arrays
from models.multitask.heads import Heads, scores_of
from models.taxonomy import TOPICS
from models.train.multitask_batches import batch
from models.train.multitask_net import MultitaskNet
from tests.models.multitask import tiny
from tests.models.multitask.make_golden import GOLDEN, material, net, probabilities


@pytest.fixture(scope="module")
def made() -> MultitaskNet:
    return net()


def test_the_heads_in_numpy_answer_as_the_net_does(made: MultitaskNet):
    given = batch(material().examples, [0, 1])
    arrays = {name: value.numpy() for name, value in made.trained().items()}
    heads = Heads(head_arrays(arrays))
    with torch.no_grad():
        states = made.bert(input_ids=given.ids, attention_mask=given.mask).last_hidden_state
    for at, expected in enumerate(probabilities(made, given)):
        mine, row = states[at, : tiny.MASK[at].sum()].numpy(), tiny.forms()[at]
        logits = heads.logits(mine, row)
        scores = scores_of(logits)
        np.testing.assert_allclose(scores.topics, expected["topics"], atol=1e-5)
        np.testing.assert_allclose(scores.outlooks, expected["outlooks"], atol=1e-5)
        assert scores.claim == pytest.approx(expected["claim"], abs=1e-5)
        stances = heads.stances(mine, logits, tiny.held(at), tiny.asked())
        np.testing.assert_allclose(stances, expected["stances"], atol=1e-5)


def test_the_golden_file_is_what_the_net_answers(made: MultitaskNet):
    found = probabilities(made, batch(material().examples, [0, 1]))
    for one, golden in zip(found, json.loads(GOLDEN.read_text()), strict=True):
        for task, values in golden.items():
            np.testing.assert_allclose(one[task], values, atol=1e-5)


def test_what_is_trained_leaves_out_the_frozen_words_and_what_is_known(made: MultitaskNet):
    names = set(made.trained())
    assert names == {n for n in tiny.arrays() if not n.endswith("word_embeddings.weight")}


def test_without_a_holder_there_is_no_stance(made: MultitaskNet):
    nobody = replace(material().examples[0], holders=())
    said, held = made(batch([nobody], [0]))
    assert said.shape == (1, len(TOPICS) + 4)
    assert held.shape == (0, 4)


def test_facts_of_form_are_standardised_by_what_is_learnt_from():
    fresh = net()
    fresh.standardise(np.array([[1, 5, 0] * 3, [3, 5, 0] * 3], np.float32))
    np.testing.assert_allclose(fresh.form_mean[:3], [2, 5, 0])
    np.testing.assert_allclose(fresh.form_scale[:3], [1, 0.05, 0.05])

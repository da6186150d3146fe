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
from tests.models.multitask.make_golden import GOLDEN, answer, material, net, probabilities


@pytest.fixture(scope="module")
def made() -> MultitaskNet:
    return net()


def test_the_heads_in_numpy_answer_as_the_net_does(made: MultitaskNet):
    given = batch(material().examples, [0, 1])
    arrays = {name: value.numpy() for name, value in made.state_dict().items()}
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
    golden = json.loads(GOLDEN.read_text())
    found = probabilities(made, batch(material().examples, [0, 1]))
    for one, expected in zip(found, golden["sentences"], strict=True):
        for task, values in expected.items():
            np.testing.assert_allclose(one[task], values, atol=1e-5)
    np.testing.assert_allclose(answer(made), golden["answer"], atol=1e-5)


def test_a_state_holds_what_ships_and_not_what_is_known(made: MultitaskNet):
    assert set(made.state_dict()) == set(tiny.arrays())


def test_inference_teaches_what_support_and_opposition_are():
    fresh = net()
    state = {name: value + 1 for name, value in fresh.state_dict().items() if "bert." in name}
    del state["bert.embeddings.word_embeddings.weight"]
    weight = torch.arange(3.0)[:, None].expand(3, 2 * tiny.WIDTH)  # entailed, neutral, contradicted
    heads = {"heads.inference.weight": weight, "heads.inference.bias": torch.tensor([5.0, 6, 7])}
    fresh.begin_with(state | heads | {"heads.target.weight": weight})
    assert fresh.question.bias.tolist() == [6, 5, 7, 5.5]
    assert fresh.question.weight[:, 0].tolist() == [1, 0, 2, 0.5]
    layer = "encoder.layer.0.output.dense.bias"
    np.testing.assert_array_equal(fresh.bert.state_dict()[layer], state[f"bert.{layer}"])


def test_a_state_of_another_model_is_refused():
    with pytest.raises(ValueError, match=r"not a state of this model: .*layer\.1"):
        net().begin_with({n: v for n, v in net().state_dict().items() if "layer.1" not in n})


def test_a_trained_net_goes_on_from_its_weights():
    fresh, weights = net(), {name: value + 1 for name, value in tiny.arrays().items()}
    positions = "bert.embeddings.position_embeddings.weight"
    whole = fresh.state_dict()[positions].clone()
    fresh.go_on_from(weights | {positions: weights[positions][:5]})
    found = {name: value.numpy() for name, value in fresh.state_dict().items()}
    np.testing.assert_array_equal(found[positions][:5], weights[positions][:5])
    np.testing.assert_array_equal(found[positions][5:], whole[5:])
    for name in weights.keys() - {positions}:
        np.testing.assert_array_equal(found[name], weights[name])


def test_weights_of_another_net_are_refused():
    with pytest.raises(ValueError, match=r"not weights of this net: .*mark"):
        net().go_on_from({name: value for name, value in tiny.arrays().items() if name != "mark"})


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

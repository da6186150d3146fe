"""The heads in numpy over the graph in ONNX Runtime, against the net in torch (golden.json)."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("onnx", reason="the graph is made with onnx, a build-time extra")

from models.multitask.build import encoder_tensors, head_arrays, packed
from models.multitask.export_graph import export
from models.multitask.heads import (
    Heads,
    HeadsError,
    Weighing,
    class_of,
    likeliest,
    scores_of,
    sigmoid,
    softmax,
    weighed,
)
from models.taxonomy import STANCES, Stance
from tests.models.multitask import tiny

ANSWERS = json.loads(Path(__file__).with_name("golden.json").read_text())
GOLDEN = ANSWERS["sentences"]
ARRAYS = tiny.arrays()
TOPIC, UNKNOWN = np.array(0, np.float32), np.array(0)
HEADS = Heads(head_arrays(ARRAYS))


WORDS = ARRAYS["bert.embeddings.word_embeddings.weight"]


def states(sentence: int, length: int | None = None, *, int8: bool = False) -> tiny.Floats:
    """Of one sentence's tokens, with padding up to `length`."""
    tokens = int(tiny.MASK[sentence].sum())
    ids, mask = (
        part[sentence : sentence + 1, : length or tokens] for part in (tiny.IDS, tiny.MASK)
    )
    return run(WORDS[ids], mask, int8=int8)[:tokens]


def run(words: tiny.Floats, mask: np.ndarray, *, int8: bool = False) -> tiny.Floats:
    """The states of the one row given."""
    graph = export(encoder_tensors(ARRAYS), tiny.SHAPE, int8=int8).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run(["states"], {"words": words, "attention_mask": mask})[0][0]


@pytest.mark.parametrize("sentence", [0, 1])
def test_sentences_are_scored_as_in_torch(sentence: int):
    found = scores_of(HEADS.logits(states(sentence), tiny.forms()[sentence]))
    for task in ("topics", "outlooks", "claim"):
        np.testing.assert_allclose(getattr(found, task), GOLDEN[sentence][task], atol=1e-5)


@pytest.mark.parametrize("sentence", [0, 1])
def test_stances_are_scored_as_in_torch(sentence: int):
    mine, held = states(sentence), tiny.held(sentence)
    logits = HEADS.logits(mine, tiny.forms()[sentence])
    found = HEADS.stances(mine, logits, held, tiny.asked())
    np.testing.assert_allclose(found, GOLDEN[sentence]["stances"], atol=1e-5)
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-6)


def test_a_holder_s_answer_does_not_depend_on_the_other_holders():
    mine, held = states(0), tiny.held(0)
    logits = HEADS.logits(mine, tiny.forms()[0])
    together = HEADS.stances(mine, logits, held, tiny.asked())
    for one, expected in zip(held, together, strict=True):
        alone = HEADS.stances(mine, logits, [one], tiny.asked())[0]
        np.testing.assert_allclose(alone, expected, atol=1e-6)


def test_a_question_is_answered_as_in_torch():
    ids, segments, marks = (np.array([row]) for row in tiny.asked_tokens())
    words = WORDS[ids] + HEADS.added(segments.astype(np.float32), marks.astype(np.float32))
    found = HEADS.question(run(words, np.ones_like(ids)))
    np.testing.assert_allclose(found, ANSWERS["answer"], atol=1e-5)


def test_two_readings_are_weighed_by_their_geometric_mean():
    first, second = (np.array(row, np.float32) for row in ([0.8, 0.2, 0, 0], [0.2, 0.8, 0, 0]))
    for share, expected in ((0.0, first), (1.0, second), (0.5, [0.5, 0.5, 0, 0])):
        found = weighed(first, second, TOPIC, UNKNOWN, Weighing(share, about=0, known=0))
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_what_is_not_about_the_topic_is_less_of_a_stance_and_the_sides_stay_as_they_were():
    chances, weights = np.array([0.4, 0.4, 0.2, 0], np.float32), Weighing(0.5, about=0.5, known=0)
    off, on = (
        weighed(chances, chances, np.array(logit, np.float32), UNKNOWN, weights)
        for logit in (-2, 2)
    )
    assert off[0] > 0.4 > on[0]
    np.testing.assert_allclose(off[1] / off[2], 2, rtol=1e-4)
    np.testing.assert_allclose((1 - on[0]) / on[0] / (0.6 / 0.4), np.e, rtol=1e-4)


@pytest.mark.parametrize(
    ("known", "expected"), [("supports", "supports"), ("opposes", "opposes"), (None, "opposes")]
)
def test_the_side_that_a_holder_is_known_to_take_is_taken_where_the_words_leave_it_open(
    known: Stance | None, expected: Stance
):
    chances, weights = np.array([0.2, 0.3, 0.4, 0.1], np.float32), Weighing(0.5, about=0, known=2)
    found = weighed(chances, chances, TOPIC, np.array(class_of(known)), weights)
    assert STANCES[int(found[1:].argmax())] == expected
    np.testing.assert_allclose(found[3] / found[0], 0.5, rtol=1e-4)  # a condition is no side


def test_the_likeliest_stance_is_as_likely_as_it_is_itself():
    chances = np.array([[[0.7, 0.1, 0.15, 0.05], [0.1, 0.3, 0.25, 0.35]]], np.float32)
    which, score = likeliest(chances)
    assert which.tolist() == [[class_of("opposes"), class_of("conditional")]]
    np.testing.assert_allclose(score, [[0.15, 0.35]])


def test_plain_words_are_believed_against_what_a_holder_is_known_for():
    chances = np.array([0.02, 0.02, 0.96, 0], np.float32)
    known, weights = np.array(class_of("supports")), Weighing(0.5, about=0, known=2)
    assert weighed(chances, chances, TOPIC, known, weights).argmax() == class_of("opposes")


def test_padding_does_not_change_a_state():
    np.testing.assert_allclose(states(1, length=7), states(1), atol=1e-5)


def test_int8_is_how_weights_are_stored_and_hardly_changes_a_state():
    one, other = states(0), states(0, int8=True)
    assert 0 < np.abs(one - other).max() < 0.4


@pytest.mark.parametrize("cut", [0, 2, 100, -100, -1])
def test_a_file_cut_short_is_a_clear_error(cut: int):
    with pytest.raises(HeadsError, match=r"heads\.npz cannot be used"):
        Heads.parse(packed(head_arrays(ARRAYS))[:cut])


def test_a_flipped_byte_is_a_clear_error():
    raw = bytearray(packed(head_arrays(ARRAYS)))
    raw[len(raw) // 3] ^= 255
    with pytest.raises(HeadsError, match=r"heads\.npz cannot be used"):
        Heads.parse(bytes(raw))


def test_heads_come_back_from_their_file_as_good_as_halves_can_tell():
    again = Heads.parse(packed(head_arrays(ARRAYS)))
    row = tiny.forms()[0]
    kept, was = (scores_of(heads.logits(states(0), row)).claim for heads in (again, HEADS))
    assert kept == pytest.approx(was, abs=0.01)


def test_a_missing_tensor_is_an_error():
    lacking = encoder_tensors(ARRAYS)
    del lacking["encoder.layer.1.output.dense.bias"]
    with pytest.raises(KeyError, match=r"layer\.1"):
        export(lacking, tiny.SHAPE, int8=True)


def test_only_common_operators_of_the_standard_set_are_used():
    model = export(encoder_tensors(ARRAYS), tiny.SHAPE, int8=True)
    assert {node.domain for node in model.graph.node} == {""}
    assert not {node.op_type for node in model.graph.node} & {"If", "Loop", "DequantizeLinear"}


def test_probabilities_stay_finite_however_sure_the_net_is():
    logits = np.array([-500, -30, 0, 30, 500], np.float32)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(sigmoid(logits), [0, 0, 0.5, 1, 1], atol=1e-6)
        np.testing.assert_allclose(softmax(logits), [0, 0, 0, 0, 1], atol=1e-6)

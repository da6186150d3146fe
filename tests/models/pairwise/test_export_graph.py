"""The graph in ONNX Runtime against the same net in torch (golden.json, by make_golden.py)."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("onnx", reason="the graph is made with onnx, a build-time extra")

import onnx

from models.encoder.export_graph import Floats
from models.pairwise.export_graph import export, shipped
from tests.models.pairwise import tiny

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())


def _logits(graph: bytes, rows: slice = slice(None), length: int | None = None):
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    ids = tiny.IDS[rows, :length]
    words = tiny.tensors()["embeddings.word_embeddings.weight"][ids]
    feeds = {
        "words": words,
        "segments": tiny.SEGMENTS[rows, :length],
        "attention_mask": tiny.MASK[rows, :length],
    }
    return session.run(["logits"], feeds)[0]


def _graph(tensors: dict[str, Floats] | None = None, *, int8: bool) -> bytes:
    return _model(tensors or tiny.tensors(), int8=int8).SerializeToString()


def _model(tensors: dict[str, Floats], *, int8: bool = True) -> onnx.ModelProto:
    return export(tensors, tiny.SHAPE, tuple(tiny.HEADS), "tiny", int8=int8)


def test_the_graph_answers_as_the_net_does_in_torch():
    np.testing.assert_allclose(_logits(_graph(int8=False)), GOLDEN["tiny"], atol=1e-4)


def test_int8_is_how_weights_are_stored_not_how_they_are_computed_with():
    restored = _graph(shipped(tiny.tensors()), int8=False)
    np.testing.assert_allclose(_logits(_graph(int8=True)), _logits(restored), atol=1e-4)


def test_padding_and_companions_do_not_change_an_answer():
    graph = _graph(int8=True)
    alone = _logits(graph, slice(1, 2), length=5)
    np.testing.assert_allclose(alone, _logits(graph)[1:], atol=1e-5)


def test_only_common_operators_of_the_standard_set_are_used():
    model = _model(tiny.tensors())
    assert {node.domain for node in model.graph.node} == {""}
    assert not {node.op_type for node in model.graph.node} & {"If", "Loop", "DequantizeLinear"}


def test_a_missing_tensor_is_an_error():
    lacking = tiny.tensors()
    del lacking["heads.other.weight"]
    with pytest.raises(KeyError, match=r"heads\.other"):
        _model(lacking)

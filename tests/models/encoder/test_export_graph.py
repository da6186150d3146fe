"""The graph against BERT as its paper has it, in plain numpy, on small random weights."""

import math
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("onnx", reason="the graph is made with onnx, a build-time extra")

from models.encoder.export_graph import BLOCK, BertShape, export, quantise
from tests.models.encoder.tiny import Random, encoder

WIDTH, INNER, WORDS = 2 * BLOCK, 4 * BLOCK, 50
SHAPE = BertShape(layers=2, heads=4, epsilon=1e-12, positions=16)
IDS = np.array([[1, 7, 9, 3, 2], [1, 49, 2, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


def _tensors():
    longer = replace(SHAPE, positions=SHAPE.positions + 4)  # which the graph does not take
    return encoder(Random(7), longer, words=WORDS, width=WIDTH, inner=INNER)


def _reference(tensors, ids):
    """One unpadded sentence in float64 -> its vector."""

    def linear(x, name):
        return x @ tensors[f"{name}.weight"].T.astype(float) + tensors[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + SHAPE.epsilon)
        return scaled * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def heads(x):
        return x.reshape(len(ids), SHAPE.heads, -1).transpose(1, 0, 2)

    x = tensors["embeddings.word_embeddings.weight"][ids].astype(float)
    x = x + tensors["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(SHAPE.layers):
        name = f"encoder.layer.{layer}"
        q, k, v = (
            heads(linear(x, f"{name}.attention.self.{p}")) for p in ("query", "key", "value")
        )
        scores = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1]))
        context = (scores / scores.sum(-1, keepdims=True)) @ v
        joined = context.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        dense = linear(joined, f"{name}.attention.output.dense")
        x = norm(x + dense, f"{name}.attention.output.LayerNorm")
        wide = linear(x, f"{name}.intermediate.dense")
        gelu = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        x = norm(x + linear(gelu, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def _run(model, ids, mask):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def _restored(tensors):
    """The tensors as int8 storage keeps them."""
    kept = dict(tensors)
    name = "embeddings.word_embeddings.weight"
    codes, scales = quantise(tensors[name], axis=1)
    kept[name] = codes * scales
    for name in tensors:
        if name.startswith("encoder.") and tensors[name].ndim == 2:
            rows = tensors[name]
            codes, scales = quantise(rows.reshape(len(rows), -1, BLOCK), axis=2)
            kept[name] = (codes * scales).reshape(rows.shape)
    return kept


def _expected(tensors):
    return np.stack([_reference(tensors, IDS[0]), _reference(tensors, IDS[1, :3])])


def test_fp32_graph_computes_bert_with_mean_pooling():
    tensors = _tensors()
    assert (
        np.abs(_run(export(tensors, SHAPE, int8=False), IDS, MASK) - _expected(tensors)).max()
        < 1e-6
    )


def test_int8_is_how_weights_are_stored_not_how_they_are_computed_with():
    tensors = _tensors()
    vectors = _run(export(tensors, SHAPE, int8=True), IDS, MASK)
    assert np.abs(vectors - _expected(_restored(tensors))).max() < 1e-6
    assert 1e-6 < np.abs(vectors - _expected(tensors)).max() < 0.02


def test_int8_storage_is_a_quarter():
    tensors = _tensors()
    sizes = [export(tensors, SHAPE, int8=int8).ByteSize() for int8 in (True, False)]
    assert sizes[0] < 0.4 * sizes[1]


def test_quantised_values_differ_by_half_a_step_at_most():
    values = np.array([[0.0, 0.0], [-4.0, 1.0], [127.0, 0.4]], dtype=np.float32)
    codes, scales = quantise(values, axis=1)
    assert codes.dtype == np.int8
    assert (np.abs(codes * scales - values) <= scales / 2 + 1e-6).all()
    assert codes[0].tolist() == [0, 0]

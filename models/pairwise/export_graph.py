"""The ONNX graph of a pair model, written node by node from the trained tensors; needs `onnx`.

The layers are the sentence encoder's (`models.encoder.export_graph`), stored as int8 and computed
in fp32. The word embeddings are not in it: they are frozen in training, so whoever runs the graph
looks them up in the encoder's own weights and feeds the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper

from models.encoder.export_graph import (
    BLOCK,
    BertShape,
    Floats,
    Graph,
    add_layers,
    finished,
    integers,
    mean_of_tokens,
    quantise,
)


def export(
    tensors: Mapping[str, Floats], shape: BertShape, heads: Sequence[str], name: str, *, int8: bool
) -> onnx.ModelProto:
    """words fp32 (batch, length, width), segments and attention_mask int64 (batch, length) ->
    logits fp32 (batch, classes), those of all `heads` in their order.

    `tensors` are a BERT encoder's without its word embeddings, and the `heads.*` over [CLS] and
    the mean. Raises KeyError if one is missing.
    """
    graph = Graph(int8)
    states = _embeddings(graph, tensors, shape)
    states = add_layers(graph, states, tensors, shape)
    classes = _heads(graph, states, tensors, heads)
    width = tensors["embeddings.LayerNorm.weight"].shape[0]
    inputs = [helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "length", width])]
    inputs += [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("segments", "attention_mask")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", classes])
    return finished(graph, name, inputs, output)


def _embeddings(graph: Graph, tensors: Mapping[str, Floats], shape: BertShape) -> str:
    """Word + position + which of the two texts, normalised."""
    table = graph.constant(
        "positions", tensors["embeddings.position_embeddings.weight"][: shape.positions]
    )
    zero = graph.constant("zero", integers(0))
    size = graph.node("Shape", ["segments"], "length", start=1, end=2)
    places = graph.node("Slice", [table, zero, size, zero], "places")
    kinds = graph.constant("kinds", tensors["embeddings.token_type_embeddings.weight"])
    kind = graph.node("Gather", [kinds, "segments"], "kind")
    placed = graph.node("Add", ["words", places], "placed")
    total = graph.node("Add", [placed, kind], "embedded")
    weight, bias = (tensors[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.norm(total, "embeddings.norm", weight, bias, shape.epsilon)


def _heads(graph: Graph, states: str, tensors: Mapping[str, Floats], heads: Sequence[str]) -> int:
    """All heads as one product over [CLS] and the mean of the tokens; returns their classes."""
    mean = mean_of_tokens(graph, states)
    first = graph.node("Gather", [states, graph.constant("first", integers(0))], "cls.row", axis=1)
    first = graph.node("Squeeze", [first, graph.constant("axis1", integers(1))], "cls")
    pooled = graph.node("Concat", [first, mean], "pooled", axis=-1)
    weight, bias = (
        np.concatenate([tensors[f"heads.{head}.{part}"] for head in heads])
        for part in ("weight", "bias")
    )
    product = graph.node("MatMul", [pooled, graph.constant("heads.weight", weight.T)], "heads")
    graph.node("Add", [product, graph.constant("heads.bias", bias)], "logits")
    return len(bias)


def shipped(tensors: Mapping[str, Floats]) -> dict[str, Floats]:
    """The tensors as int8 storage gives them back: what the shipped graph computes with."""
    return {
        name: _restored(value) if name.startswith("encoder.") and value.ndim == 2 else value
        for name, value in tensors.items()
    }


def _restored(weight: Floats) -> Floats:
    codes, scales = quantise(weight.T.reshape(-1, BLOCK, weight.shape[0]), axis=1)
    floats: Floats = (codes * scales).reshape(weight.T.shape).T.astype(np.float32)
    return floats

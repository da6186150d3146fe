"""The fine-tuned encoder's ONNX graph, written from the trained tensors; needs `onnx`.

The layers are those of `models.encoder.export_graph`, stored as int8 and computed in fp32. The
heads are not in it: what they are asked differs from sentence to sentence, so they are computed
from the states (`models.multitask.heads`). Nor are the word embeddings: they are frozen in
training, so whoever runs the graph looks them up in the encoder's own weights and feeds the rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import onnx
from onnx import TensorProto, helper

from models.encoder.export_graph import (
    IR_VERSION,
    OPSET,
    BertShape,
    Floats,
    Graph,
    add_layer,
    add_mask,
    integers,
)

SCALED = 128  # inputs of an output that share a scale: half the scales of the sentence encoder


def export(tensors: Mapping[str, Floats], shape: BertShape, *, int8: bool) -> onnx.ModelProto:
    """words fp32 (batch, length, width), attention_mask int64 (batch, length) -> states fp32
    (batch, length, width) of the last layer.

    `tensors` are a BERT encoder's without its word embeddings. Raises KeyError if one is missing.
    """
    graph = Graph(int8, SCALED)
    states = _embeddings(graph, tensors, shape)
    add_mask(graph)
    for index in range(shape.layers):
        states = add_layer(graph, states, tensors, index, shape)
    width = tensors["embeddings.LayerNorm.weight"].shape[0]
    graph.node("Identity", [states], "states")
    body = helper.make_graph(
        graph.nodes,
        "multitask",
        [
            helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "length", width]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "length"]),
        ],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "length", width])],
        list(graph.constants.values()),
    )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(body, opset_imports=[opset], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: Graph, tensors: Mapping[str, Floats], shape: BertShape) -> str:
    """Word + position + token type, normalised; the token type is always 0, so it is folded in."""
    positions = tensors["embeddings.position_embeddings.weight"][: shape.positions]
    kind = tensors["embeddings.token_type_embeddings.weight"][0]
    table = graph.constant("positions", positions + kind)
    zero = graph.constant("zero", integers(0))
    size = graph.node("Shape", ["attention_mask"], "length", start=1, end=2)
    places = graph.node("Slice", [table, zero, size, zero], "places")
    total = graph.node("Add", ["words", places], "embedded")
    weight, bias = (tensors[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.norm(total, "embeddings.norm", weight, bias, shape.epsilon)

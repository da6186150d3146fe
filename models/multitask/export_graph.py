"""The fine-tuned encoder's ONNX graph, written from the trained tensors; needs `onnx`.

The layers are those of `models.encoder.export_graph`, stored as int8 and computed in fp32. The
heads are not in it: what they are asked differs from sentence to sentence, so they are computed
from the states (`models.multitask.heads`). Nor are the word embeddings: to those of a question
something is added (`Heads.added`), so whoever runs the graph looks the rows up and feeds them.
"""

from __future__ import annotations

from collections.abc import Mapping

import onnx
from onnx import TensorProto, helper

from models.encoder.export_graph import (
    BertShape,
    Floats,
    Graph,
    add_embeddings,
    add_layers,
    finished,
)

SCALED = 128  # inputs of an output that share a scale: half the scales of the sentence encoder


def export(tensors: Mapping[str, Floats], shape: BertShape, *, int8: bool) -> onnx.ModelProto:
    """words fp32 (batch, length, width), attention_mask int64 (batch, length) -> states fp32
    (batch, length, width) of the last layer.

    `tensors` are a BERT encoder's without its word embeddings. Raises KeyError if one is missing.
    """
    graph = Graph(int8, SCALED)
    states = add_embeddings(graph, "words", "attention_mask", tensors, shape)
    states = add_layers(graph, states, tensors, shape)
    width = tensors["embeddings.LayerNorm.weight"].shape[0]
    graph.node("Identity", [states], "states")
    inputs = [
        helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "length", width]),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "length"]),
    ]
    output = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "length", width])
    return finished(graph, "multitask", inputs, output)

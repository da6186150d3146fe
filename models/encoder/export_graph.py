"""The encoder's ONNX graph, written node by node from the published tensors; needs `onnx`.

Weights are stored as int8 with one scale for each row of the vocabulary, and in matrices for each
`BLOCK` inputs of an output; `Cast` and `Mul` bring them back to fp32. ONNX Runtime folds those once
when the session is made, so all arithmetic is fp32 and a sentence's vector does not depend on its
batch, as it does with dynamic quantisation. The vocabulary stays int8 in memory: only the rows in
use are scaled.

`DequantizeLinear` would say the same, but ONNX Runtime turns it into `MatMulNBits`, which quantises
the activations as well by default (cosine 0.998) and is a quarter slower when told not to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]
OPSET = 17
IR_VERSION = 8
BLOCK = 64  # one scale an output channel: cosine 0.9988 at worst; with blocks 0.9996


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the tensors do not say by themselves (`config.json` of the model)."""

    layers: int
    heads: int
    epsilon: float
    positions: int


def quantise(values: Floats, axis: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Symmetric int8 with one scale for all values along `axis`; `codes * scales` restores them.

    Scales keep the dimensions of `values` (size 1 along `axis`), ready to broadcast.
    """
    peak = np.abs(values).max(axis=axis, keepdims=True)
    scales = np.where(peak > 0, peak / 127, 1).astype(np.float32)
    codes = np.clip(np.rint(values / scales), -127, 127).astype(np.int8)
    return codes, scales


@dataclass(slots=True)
class Graph:
    """Nodes and constants in the making; each method returns the name of its output."""

    int8: bool
    block: int = BLOCK
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def constant(self, name: str, value: Array) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def matrix(self, name: str, value: Floats) -> str:
        """A weight (inputs, outputs) of a MatMul."""
        if not self.int8:
            return self.constant(name, value)
        inputs, outputs = value.shape
        codes, scales = quantise(value.reshape(-1, min(self.block, inputs), outputs), axis=1)
        self.constant(f"{name}.codes", codes)
        self.constant(f"{name}.scales", scales)
        self.node("Cast", [f"{name}.codes"], f"{name}.float", to=TensorProto.FLOAT)
        blocks = self.node("Mul", [f"{name}.float", f"{name}.scales"], f"{name}.blocks")
        flat = self.constant(f"{inputs}x{outputs}", _integers(inputs, outputs))
        return self.node("Reshape", [blocks, flat], name)

    def rows(self, name: str, table: Floats, indices: str) -> str:
        """The rows of `table` that `indices` name."""
        if not self.int8:
            return self.node("Gather", [self.constant(name, table), indices], f"{name}.rows")
        codes, scales = quantise(table, axis=1)
        chosen = self.node("Gather", [self.constant(name, codes), indices], f"{name}.codes")
        floats = self.node("Cast", [chosen], f"{name}.float", to=TensorProto.FLOAT)
        scale = self.constant(f"{name}.scales", scales)
        factor = self.node("Gather", [scale, indices], f"{name}.factor")
        return self.node("Mul", [floats, factor], f"{name}.rows")

    def linear(self, source: str, name: str, weight: Floats, bias: Floats) -> str:
        """`source @ weight.T + bias`, with the weight as torch stores it (outputs, inputs)."""
        product = self.node(
            "MatMul", [source, self.matrix(f"{name}.weight", weight.T)], f"{name}.product"
        )
        return self.node("Add", [product, self.constant(f"{name}.bias", bias)], f"{name}.sum")

    def norm(self, source: str, name: str, weight: Floats, bias: Floats, epsilon: float) -> str:
        inputs = [
            source,
            self.constant(f"{name}.weight", weight),
            self.constant(f"{name}.bias", bias),
        ]
        return self.node("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=epsilon)

    def gelu(self, source: str, name: str) -> str:
        """The exact Gelu, in the pattern that ONNX Runtime fuses."""
        ratio = self.node("Div", [source, self.constant("sqrt2", _scalar(2**0.5))], f"{name}.ratio")
        erf = self.node("Erf", [ratio], f"{name}.erf")
        shifted = self.node("Add", [erf, self.constant("one", _scalar(1))], f"{name}.shifted")
        product = self.node("Mul", [source, shifted], f"{name}.product")
        return self.node("Mul", [product, self.constant("half", _scalar(0.5))], f"{name}.out")


def _scalar(value: float) -> Floats:
    return np.array(value, dtype=np.float32)


def _integers(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def add_embeddings(
    graph: Graph, words: str, like: str, tensors: Mapping[str, Floats], shape: BertShape
) -> str:
    """Word + position + token type, normalised; the token type is taken for 0 and folded in.

    `words` are rows of embeddings, `like` an input (batch, length).
    """
    positions = tensors["embeddings.position_embeddings.weight"][: shape.positions]
    table = graph.constant(
        "positions", positions + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    size = graph.node("Shape", [like], "length", start=1, end=2)
    zero = graph.constant("zero", _integers(0))
    places = graph.node("Slice", [table, zero, size, zero], "places")
    total = graph.node("Add", [words, places], "embedded")
    weight, bias = (tensors[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.norm(total, "embeddings.norm", weight, bias, shape.epsilon)


def _mask(graph: Graph) -> str:
    """(batch, 1, 1, length): 0 at tokens and the lowest float at padding, to add to scores."""
    wide = graph.node(
        "Unsqueeze", ["attention_mask", graph.constant("axes12", _integers(1, 2))], "mask.wide"
    )
    floats = graph.node("Cast", [wide], "mask.float", to=TensorProto.FLOAT)
    absent = graph.node("Sub", [graph.constant("one", _scalar(1)), floats], "mask.absent")
    lowest = graph.constant("lowest", _scalar(float(np.finfo(np.float32).min)))
    return graph.node("Mul", [absent, lowest], "mask")


def _projections(
    tensors: Mapping[str, Floats], prefix: str, head_size: int
) -> tuple[Floats, Floats]:
    """Query, key and value as one weight and bias; the query carries 1/sqrt(head size)."""
    root = float(head_size) ** -0.5
    weights, biases = [], []
    for part, factor in (("query", root), ("key", 1.0), ("value", 1.0)):
        weights.append(tensors[f"{prefix}.{part}.weight"] * np.float32(factor))
        biases.append(tensors[f"{prefix}.{part}.bias"] * np.float32(factor))
    return np.concatenate(weights), np.concatenate(biases)


def _attention(
    graph: Graph, source: str, tensors: Mapping[str, Floats], prefix: str, heads: int
) -> str:
    width = tensors[f"{prefix}.query.weight"].shape[0]
    weight, bias = _projections(tensors, prefix, width // heads)
    joint = graph.linear(source, f"{prefix}.qkv", weight, bias)
    parts = [f"{prefix}.{part}" for part in ("q", "k", "v")]
    graph.nodes.append(helper.make_node("Split", [joint], parts, f"{prefix}.split", axis=-1))
    by_head = graph.constant("by_head", _integers(0, 0, heads, width // heads))
    orders = {"q": [0, 2, 1, 3], "k": [0, 2, 3, 1], "v": [0, 2, 1, 3]}
    query, key, value = (
        graph.node(
            "Transpose",
            [graph.node("Reshape", [f"{prefix}.{part}", by_head], f"{prefix}.{part}.heads")],
            f"{prefix}.{part}.out",
            perm=order,
        )
        for part, order in orders.items()
    )
    scores = graph.node("MatMul", [query, key], f"{prefix}.scores")
    masked = graph.node("Add", [scores, "mask"], f"{prefix}.masked")
    shares = graph.node("Softmax", [masked], f"{prefix}.shares", axis=-1)
    context = graph.node("MatMul", [shares, value], f"{prefix}.context")
    turned = graph.node("Transpose", [context], f"{prefix}.turned", perm=[0, 2, 1, 3])
    joined = graph.constant("joined", _integers(0, 0, width))
    return graph.node("Reshape", [turned, joined], f"{prefix}.out")


def _residual(
    graph: Graph, source: str, kept: str, tensors: Mapping[str, Floats], prefix: str, eps: float
) -> str:
    """Dense layer, plus what went in, normalised: how both halves of a layer end."""
    dense = graph.linear(
        source, prefix, tensors[f"{prefix}.dense.weight"], tensors[f"{prefix}.dense.bias"]
    )
    total = graph.node("Add", [dense, kept], f"{prefix}.total")
    weight, bias = (tensors[f"{prefix}.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.norm(total, f"{prefix}.norm", weight, bias, eps)


def _layer(
    graph: Graph, source: str, tensors: Mapping[str, Floats], index: int, shape: BertShape
) -> str:
    prefix = f"encoder.layer.{index}"
    context = _attention(graph, source, tensors, f"{prefix}.attention.self", shape.heads)
    middle = _residual(graph, context, source, tensors, f"{prefix}.attention.output", shape.epsilon)
    name = f"{prefix}.intermediate"
    wide = graph.linear(
        middle, name, tensors[f"{name}.dense.weight"], tensors[f"{name}.dense.bias"]
    )
    return _residual(
        graph, graph.gelu(wide, f"{name}.gelu"), middle, tensors, f"{prefix}.output", shape.epsilon
    )


def add_layers(graph: Graph, states: str, tensors: Mapping[str, Floats], shape: BertShape) -> str:
    """All layers over the embedded tokens, which the input `attention_mask` keeps or not."""
    _mask(graph)
    for index in range(shape.layers):
        states = _layer(graph, states, tensors, index, shape)
    return states


def _pool(graph: Graph, states: str) -> None:
    """Mean over tokens, scaled to length 1, as sentence-transformers pools this model."""
    floats = graph.node("Cast", ["attention_mask"], "pool.mask", to=TensorProto.FLOAT)
    axis = graph.constant("axis1", _integers(1))
    weights = graph.node("Unsqueeze", [floats, graph.constant("axis2", _integers(2))], "pool.wide")
    kept = graph.node("Mul", [states, weights], "pool.kept")
    total = graph.node("ReduceSum", [kept, axis], "pool.total", keepdims=0)
    count = graph.node("ReduceSum", [floats, axis], "pool.count", keepdims=1)
    mean = graph.node("Div", [total, count], "pool.mean")
    graph.node("LpNormalization", [mean], "vectors", axis=-1, p=2)


def export(tensors: Mapping[str, Floats], shape: BertShape, *, int8: bool) -> onnx.ModelProto:
    """input_ids and attention_mask, int64 (batch, length) -> vectors, fp32 (batch, width), norm 1.

    `int8` chooses how weights are stored, never how they are computed with.
    Raises KeyError if a tensor of a BERT encoder is missing.
    """
    graph = Graph(int8)
    words = graph.rows("words", tensors["embeddings.word_embeddings.weight"], "input_ids")
    states = add_embeddings(graph, words, "input_ids", tensors, shape)
    states = add_layers(graph, states, tensors, shape)
    _pool(graph, states)
    width = tensors["embeddings.LayerNorm.weight"].shape[0]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", width])
    return finished(graph, "encoder", inputs, output)


def finished(
    graph: Graph, name: str, inputs: list[onnx.ValueInfoProto], output: onnx.ValueInfoProto
) -> onnx.ModelProto:
    """The graph as a model, which the checker of onnx finds sound."""
    body = helper.make_graph(graph.nodes, name, inputs, [output], list(graph.constants.values()))
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(body, opset_imports=[opset], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model

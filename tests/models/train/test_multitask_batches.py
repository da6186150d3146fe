"""Examples side by side, as the net takes them."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="no torch here: batches are made of its tensors")

import torch
from tokenizers import Tokenizer

from models.encoder.session import TOKENIZER, WEIGHTS
from models.train.multitask_batches import MASK, batch, hidden, question_batch, truth
from models.train.multitask_examples import Example, HolderPlaces
from models.train.multitask_questions import QuestionTokens
from models.train.rows import Row

NOBODY = Row("a", "north", "No.", frozenset(), "neutral", False, {})
BOTH = Row("b", "north", "Both.", frozenset({"ceasefire", "sanctions"}), "setback", True, {})
EXAMPLES = [
    Example(NOBODY, (1, 5, 2), np.zeros(3, np.float32), (), (0, 1), *np.zeros((2, 0, 2), np.int64)),
    Example(
        BOTH,
        (1, 6, 7, 8, 2),
        np.ones(3, np.float32),
        (HolderPlaces("norland", (1, 2), 4, True), HolderPlaces("suria", (3,), 5, False)),
        (2, 0),
        np.array([[1, 0], [0, 3]]),
        np.zeros((2, 2), np.int64),
    ),
]


def test_shorter_sentences_are_padded():
    made = batch(EXAMPLES, [0, 1])
    assert made.ids.tolist() == [[1, 5, 2, 0, 0], [1, 6, 7, 8, 2]]
    assert made.mask.tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]
    assert made.form.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_holders_know_their_sentence_and_candidates_their_holder():
    made = batch(EXAMPLES, [1, 0])
    assert made.places.tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 1, 0]]
    assert made.sentence.tolist() == [0, 0]
    assert made.name.tolist() == [4, 5]
    assert made.named.tolist() == [1, 0]
    assert list(zip(made.holder.tolist(), made.proposition.tolist(), strict=True)) == [
        (0, 2),
        (0, 0),
        (1, 2),
        (1, 0),
    ]


def test_the_truth_of_candidates_stands_in_their_order():
    right = truth(EXAMPLES, [1, 0])
    assert right.stance.tolist() == [1, 0, 0, 3]
    assert right.outlook.tolist() == [1, 2]
    assert right.claim.tolist() == [1, 0]
    assert right.topics.sum(1).tolist() == [2, 0]
    assert right.topics[0, 0] == right.topics[0, 7] == 1


def test_questions_are_padded_beyond_their_last_token():
    short = QuestionTokens([1, 5, 2, 6, 2], [0, 0, 0, 1, 1], [0, 1, 0, 0, 0], right=2, example=7)
    long = QuestionTokens([1, 5, 5, 2, 6, 6, 2], [0, 0, 0, 0, 1, 1, 1], [0, 1, 1, 0, 0, 0, 0], 0, 3)
    made = question_batch([short, long])
    assert made.ids.tolist() == [[1, 5, 2, 6, 2, 0, 0], long.ids]
    assert made.mask.tolist() == [[1, 1, 1, 1, 1, 0, 0], [1] * 7]
    assert made.segments.tolist() == [[0, 0, 0, 1, 1, 0, 0], long.segments]
    assert made.marks.tolist() == [[0, 1, 0, 0, 0, 0, 0], long.marks]
    assert (made.right.tolist(), made.examples) == ([2, 0], [7, 3])


def test_words_are_hidden_but_for_the_spared_and_the_special_tokens():
    ids = torch.tensor([[101, *range(2000, 4000), 102, 0], [101, *range(2000, 4000), 102, 0]])
    spared = torch.zeros_like(ids)
    spared[0] = 1
    made = hidden(ids, spared, 0.1, torch.Generator().manual_seed(1))
    assert torch.equal(made[0], ids[0])
    changed = made[1] != ids[1]
    assert 0.08 < changed[1:-2].float().mean() < 0.12
    assert not changed[[0, -2, -1]].any()
    assert set(made[1][changed].tolist()) == {MASK}
    again = hidden(ids, spared, 0.1, torch.Generator().manual_seed(1))
    assert torch.equal(made, again)


def test_nothing_is_hidden_where_nothing_shall_be():
    ids = torch.arange(200, 300)[None]
    assert torch.equal(hidden(ids, torch.zeros_like(ids), 0.0, torch.Generator()), ids)


def test_what_hides_a_word_is_the_mask_of_the_tokenizer():
    assert Tokenizer.from_file(str(WEIGHTS / TOKENIZER)).token_to_id("[MASK]") == MASK

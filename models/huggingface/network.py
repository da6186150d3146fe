"""A model of the user's own, run in torch: the only module of what runs that knows torch."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder.text import encodable

Floats = NDArray[np.float32]
BATCH_TOKENS = 1024
MOST_TOKENS = 512  # of a sentence and its hypothesis, even where a model would read more


class Network:
    """A loaded model and its tokenizer. Safe to share between threads.

    A row does not depend on its companions beyond 1e-5: only texts of equal length are run
    together, so that nothing is padded, in float32 and without dropout.
    """

    def __init__(self, model: Any, tokenizer: Any, max_tokens: int | None = None) -> None:
        self.model, self._tokenizer = model, tokenizer
        read = (max_tokens, tokenizer.model_max_length, _positions(model.config), MOST_TOKENS)
        self.max_tokens = min(limit for limit in read if limit)
        # Without padding, a decoder finds the end of a text only where it is run alone.
        self._alone = model.config.pad_token_id is None
        self._tokenizing = threading.Lock()  # truncation is state of the tokenizer

    def rows(
        self,
        texts: Sequence[str],
        hypotheses: Sequence[str] | None,
        read: Callable[[Any], Any],
        width: int,
    ) -> Floats:
        """What `read` takes from the model's output for each text: float32 (len(texts), width).

        With `hypotheses`, one for each text, the model reads pairs.
        """
        import torch

        found = np.empty((len(texts), width), dtype=np.float32)
        tokens = self._tokens(texts, hypotheses)
        for chosen in self._batches([len(row["input_ids"]) for row in tokens]):
            batch = {
                name: torch.tensor([tokens[index][name] for index in chosen]) for name in tokens[0]
            }
            with torch.inference_mode():
                found[chosen] = read(self.model(**batch)).numpy()
        return found

    def _tokens(
        self, texts: Sequence[str], hypotheses: Sequence[str] | None
    ) -> list[dict[str, list[int]]]:
        if not texts:
            return []
        # A blank text has no token at all with some tokenizers, and then no answer.
        first = [encodable(text) if text.strip() else "." for text in texts]
        second = [encodable(text) for text in hypotheses] if hypotheses is not None else None
        with self._tokenizing:
            encoded = self._tokenizer(
                first, second, truncation=True, max_length=self.max_tokens, padding=False
            )
        return [{name: encoded[name][i] for name in encoded} for i in range(len(texts))]

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Indices of texts of equal length, at most BATCH_TOKENS tokens together."""
        by_length: dict[int, list[int]] = defaultdict(list)
        for index, length in enumerate(lengths):
            by_length[length].append(index)
        for length, indices in sorted(by_length.items()):
            size = 1 if self._alone else max(1, BATCH_TOKENS // length)
            for start in range(0, len(indices), size):
                yield indices[start : start + size]


def _positions(config: Any) -> int | None:
    positions: int | None = getattr(config, "max_position_embeddings", None)
    return positions

"""What the heads are told of a sentence beside its tokens. Pure, and the same in training."""

import numpy as np
from numpy.typing import NDArray

from models.lexicon import counts
from models.taxonomy import TOPICS

Form = NDArray[np.float32]
GROUPS = ("topics", "hints", "outlook", "claim", "stance")


def form(text: str) -> Form:
    """Lexicon counts (log(1 + hits) of each label) and six facts of form: float32 (k,)."""
    stripped = text.rstrip()
    facts = np.array(
        [
            np.log1p(len(text.split())),
            stripped.endswith("?"),
            any(char.isdigit() for char in text),
            '"' in text or "“" in text,
            stripped.endswith((".", '."', ".”")),
            text[:1].isupper(),
        ],
        dtype=np.float32,
    )
    return np.concatenate([*(counts(group, text) for group in GROUPS), facts])


def named_topics(row: Form) -> NDArray[np.bool_]:
    """Which topics a telling word speaks for, from a `form`: bool (topics,)."""
    found: NDArray[np.bool_] = row[: len(TOPICS)] > 0
    return found

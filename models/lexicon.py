"""Words that speak for a label: precise where wording is known, blind where it is new."""

import hashlib
import re
from functools import lru_cache
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

Groups = dict[str, dict[str, tuple[re.Pattern[str], ...]]]


@lru_cache(maxsize=1)
def lexicon() -> Groups:
    """Compiled terms by group (topics, hints, outlook, …) and label, from lexicon.yaml."""
    return {
        group: {label: tuple(map(_compile, terms)) for label, terms in labels.items()}
        for group, labels in yaml.safe_load(_raw()).items()
    }


def lexicon_sha256() -> str:
    """Of lexicon.yaml: a net that learned from one lexicon reads its counts alone."""
    return hashlib.sha256(_raw()).hexdigest()


def _raw() -> bytes:
    return files("models").joinpath("lexicon.yaml").read_bytes()


def hits(group: str, label: str, text: str) -> int:
    """How many of a label's terms occur in the text."""
    return sum(1 for term in lexicon()[group][label] if term.search(text))


def counts(group: str, text: str) -> NDArray[np.float32]:
    """log(1 + hits) for each label of a group, in the order of the file: float32 of shape (n,)."""
    return np.log1p([hits(group, label, text) for label in lexicon()[group]]).astype(np.float32)


def _compile(term: object) -> re.Pattern[str]:
    text = str(term)
    prefix = re.search(r"[^\W\d_]\*$", text) is not None and not text.endswith(r"\w*")
    start = "" if not text[0].isalnum() and text[0] != "(" else r"(?<!\w)"
    body, end = (text[:-1], "") if prefix else (text, r"(?!\w)")
    return re.compile(f"{start}(?:{body}){end}", re.IGNORECASE)

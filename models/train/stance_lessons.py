"""Questions and answers to train on: which candidates, how many without a stance, turned or not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.stance.reading import question
from models.train.stance_examples import Example, Material

TURNED = {"supports": "opposes", "opposes": "supports"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One question and its answer; `stance` is None where none is expressed."""

    sentence: str
    asked: str
    stance: str | None


def lessons(material: Material, examples: Sequence[Example], *, turned: bool) -> list[Lesson]:
    """The examples as questions; `turned` asks about the contrary, as far as that has an answer."""
    found = []
    for one in examples:
        stance = TURNED.get(one.stance or "") if turned else one.stance
        if turned and stance is None:
            continue
        text, known = material.sources[one.source].row.text, material.glossary
        asked = question(
            text,
            material.vectors[one.source],
            one.candidate,
            known[one.candidate.proposition],
            turned=turned,
        )
        found.append(Lesson(asked.sentence, asked.asked, stance))
    return found


def drawn(examples: Sequence[Example], negatives: float, seed: int) -> list[Example]:
    """All that express a stance and a draw of the others, likelier the more they look like it."""
    held = [one for one in examples if one.stance is not None]
    others = [one for one in examples if one.stance is None]
    draw = np.random.default_rng(seed)
    shares = np.sqrt([one.worth for one in others])
    count = min(len(others), round(negatives * len(held)))
    chosen = draw.choice(len(others), count, replace=False, p=shares / shares.sum())
    return [*held, *(others[index] for index in sorted(chosen))]


def real_mix(
    material: Material, examples: Sequence[Example], without: int | None, seed: int
) -> list[Example]:
    """Real examples but those of fold `without`, and half of the written ones."""
    real = [e for e in examples if material.sources[e.source].real]
    written = [e for e in examples if not material.sources[e.source].real]
    of = {e.source for e in written}
    chosen = set(random.Random(seed).sample(sorted(of), len(of) // 2))
    return [
        *(e for e in real if material.sources[e.source].fold != without),
        *(e for e in written if e.source in chosen),
    ]


def low_for(material: Material, share: float) -> float:
    """The sieve's threshold that keeps this share of the real candidates that express a stance."""
    held = [e.worth for e in material.examples if e.stance and material.sources[e.source].real]
    return float(np.quantile(held, 1 - share))


def some(taught: list[Lesson], share: float, seed: int) -> list[Lesson]:
    return random.Random(seed).sample(taught, round(share * len(taught)))

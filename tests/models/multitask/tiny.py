"""A multitask net small enough to be made anew in a test: layers and heads of random numbers."""

import numpy as np

from models.encoder.export_graph import BLOCK, BertShape
from models.multitask.heads import SENTENCE_LOGITS, Asked, Held
from models.taxonomy import STANCES, TOPICS
from tests.models.encoder.tiny import Floats, Random, encoder

WIDTH, INNER, HIDDEN, WORDS, POSITIONS = 2 * BLOCK, 4 * BLOCK, 16, 50, 16
SHAPE = BertShape(layers=2, heads=4, epsilon=1e-12, positions=POSITIONS)
IDS = np.array([[1, 7, 9, 2, 5, 4, 2], [1, 49, 2, 8, 2, 0, 0]])
MASK = np.array([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])
FACTS = 9  # of form; fewer than there are, so that another lexicon is no other net
HELD = [  # of each sentence: two holders, and one
    [((1, 2), 0, True), ((4,), 1, False)],
    [((3,), 2, True)],
]
ASKED = (3, 0, 7)  # topics of the propositions, asked of every holder


def arrays(
    shape: BertShape = SHAPE,
    *,
    words: int = WORDS,
    width: int = WIDTH,
    inner: int = INNER,
    facts: int = FACTS,
    spread: float = 0.3,
) -> dict[str, Floats]:
    """By the names that the net in torch has; the smaller the `spread`, the less sure it is."""
    random = Random(7, spread)
    layers = encoder(random, shape, words=words, width=width, inner=inner)
    return {f"bert.{name}": value for name, value in layers.items()} | _heads(random, width, facts)


def _heads(random: Random, width: int, facts: int) -> dict[str, Floats]:
    hidden, stances = HIDDEN, 1 + len(STANCES)
    sizes = {
        "sentence": (SENTENCE_LOGITS, 2 * width + facts),
        "holder": (hidden, 2 * width + 1),
        "key": (hidden, width),
        "value": (hidden, width),
        "stance": (stances, hidden),
        "question": (stances, 2 * width),
    }
    made = {
        "name.weight": random(hidden, width),
        "proposition.weight": random(hidden, 2 * width),
        "topic.weight": random(len(TOPICS), hidden),
        "topic_score.weight": random(hidden, 1),
        "topic_bias.weight": random(len(TOPICS), stances),
        "mark": random(width),
        "form_mean": random(facts),
        "form_scale": 1 + np.abs(random(facts)),
    }
    for name, (outputs, inputs) in sizes.items():
        made[f"{name}.weight"], made[f"{name}.bias"] = random(outputs, inputs), random(outputs)
    return made


def asked_tokens() -> tuple[list[int], list[int], list[int]]:
    """The first sentence with a question of three tokens: ids, segments, and marks at its first
    holder.
    """
    ids = [*IDS[0].tolist(), 6, 3, 2]
    return ids, [0] * 7 + [1] * 3, [int(at in HELD[0][0][0]) for at in range(len(ids))]


def forms() -> Floats:
    """Of both sentences, float32 (2, FACTS)."""
    return Random(10)(len(IDS), FACTS)


def names() -> Floats:
    """Vectors of the parties' names, float32 (3, WIDTH)."""
    return Random(8)(3, WIDTH)


def propositions() -> Floats:
    """Vectors of the propositions of ASKED, float32 (3, 2 * WIDTH)."""
    return Random(9)(len(ASKED), 2 * WIDTH)


def held(sentence: int) -> list[Held]:
    """The holders of a sentence, as the heads see them."""
    return [Held(tokens, names()[name], named) for tokens, name, named in HELD[sentence]]


def asked() -> Asked:
    return Asked(np.array(ASKED), propositions())

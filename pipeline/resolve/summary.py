"""An article's topics and outlook from those of its sentences."""

from collections.abc import Sequence

from pipeline.records import JudgedSentence


def topics_of(sentences: Sequence[JudgedSentence]) -> dict[str, float]:
    """Every topic that a sentence has, with the best score, best first."""
    scores: dict[str, float] = {}
    for sentence in sentences:
        for topic, score in sentence.topics.items():
            scores[topic] = max(score, scores.get(topic, 0.0))
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def outlook_of(sentences: Sequence[JudgedSentence]) -> tuple[str, float]:
    """Progress or setback, whichever the sentences on a topic say more surely in sum, else neutral.

    The score is the share of that side in all that is said with an outlook: 0.5 to 1; mixed
    reports, of which neither side has two thirds, are neutral with score 1 - share.
    """
    weights = {"progress": 0.0, "setback": 0.0}
    for sentence in sentences:
        if sentence.topics and sentence.outlook in weights:
            weights[sentence.outlook] += sentence.outlook_score
    total = sum(weights.values())
    if total == 0:
        return "neutral", 1.0
    label = max(weights, key=lambda name: (weights[name], name))
    share = weights[label] / total
    return (label, share) if share >= 2 / 3 else ("neutral", 1 - share)

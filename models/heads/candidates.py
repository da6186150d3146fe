"""Which (party, proposition) pairs of a sentence are worth asking for a stance."""

from collections.abc import Mapping

from models.heads.features import Candidate
from models.lexicon import hits
from models.mentions import Mention, mentions
from models.subject import Subject

LOW = 0.5  # a topic this likely is asked about, or one that the lexicon knows a word of


def candidates(text: str, topic_scores: Mapping[str, float], subject: Subject) -> list[Candidate]:
    """Every party named, with every proposition whose topic is likely or has a word in the text.

    `topic_scores` are probabilities of all topics, before any threshold.
    """
    by_party: dict[str, list[Mention]] = {}
    for mention in mentions(subject, text):
        by_party.setdefault(mention.party, []).append(mention)
    asked = [
        proposition
        for topic, proposition in sorted(subject.propositions.items())
        if topic_scores[topic] >= LOW or hits("topics", topic, text) > 0
    ]
    return [
        Candidate(party, tuple(found), proposition, topic_scores[proposition.topic])
        for party, found in by_party.items()
        for proposition in asked
    ]

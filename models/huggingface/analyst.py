"""An analyst some of whose tasks are read by models of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.huggingface.classifier import OwnClassifier
from models.huggingface.encoder import OwnEncoder
from models.huggingface.settings import Engine
from models.judgement import Analyst, HeldPosition, Judged, Judgement, Vectors
from models.lexicon import hits
from models.mentions import mentions
from models.multitask.analyst import MOST, likest, outlook_of
from models.subject import Party, Proposition, Subject
from models.taxonomy import OUTLOOKS, STANCES


class WithOwnModels:
    """See `models.judgement.Analyst`: what no own model reads is the inner analyst's."""

    def __init__(
        self,
        inner: Analyst,
        classifiers: Mapping[str, OwnClassifier],
        encoder: OwnEncoder | None = None,
        *,
        keep_other_topics: bool = False,
    ) -> None:
        self._inner, self._own, self._encoder = inner, classifiers, encoder
        self._keep_other_topics = keep_other_topics

    @classmethod
    def load(cls, inner: Analyst, engine: Engine) -> WithOwnModels:
        """Raises ModelUnusable, naming the key of the configuration."""
        tasks = {
            "topics": engine.topics,
            "outlook": engine.outlook,
            "claim": engine.claim,
            "stance": engine.stance,
        }
        classifiers = {
            name: OwnClassifier.load(name, task) for name, task in tasks.items() if task is not None
        }
        encoder = OwnEncoder.load(engine.encoder) if engine.encoder else None
        others = engine.topics is not None and engine.topics.others is not None
        return cls(inner, classifiers, encoder, keep_other_topics=others)

    @property
    def versions(self) -> Mapping[str, str]:
        own = {name: one.version for name, one in self._own.items()}
        encoder = {"encoder": self._encoder.version} if self._encoder else {}
        return {**self._inner.versions, **own, **encoder}

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        texts = [text[:MOST] for text in sentences]
        # Without subjects the inner analyst looks for no positions.
        judged = self._inner.judge(texts, () if "stance" in self._own else subjects)
        judgements = list(judged.judgements)
        for task, read in (("topics", self._topics), ("outlook", _outlook), ("claim", _claim)):
            if task in self._own:
                scores = self._own[task].scores(texts)
                limit = self._own[task].threshold
                judgements = [
                    read(one, row, limit) for one, row in zip(judgements, scores, strict=True)
                ]
        if "stance" in self._own:
            judgements = _with_positions(self._own["stance"], texts, judgements, subjects)
        vectors = self._encoder.encode(texts) if self._encoder else judged.vectors
        return Judged(tuple(judgements), vectors)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        texts = [text[:MOST] for text in sentences]
        return self._encoder.encode(texts) if self._encoder else self._inner.encode(texts)

    def _topics(self, one: Judgement, scores: Mapping[str, float], limit: float) -> Judgement:
        found = {topic: score for topic, score in scores.items() if score >= limit}
        if self._keep_other_topics:
            found |= {topic: s for topic, s in one.topics.items() if topic not in scores}
        return replace(one, topics=dict(sorted(found.items(), key=lambda item: -item[1])))


def _outlook(one: Judgement, scores: Mapping[str, float], limit: float) -> Judgement:
    """As of the built-in models; what is neither progress nor setback is neutral."""
    rest = max(0.0, 1 - scores["progress"] - scores["setback"])
    of = {"neutral": rest, **scores}
    label, score = outlook_of([of[name] for name in OUTLOOKS], dict.fromkeys(OUTLOOKS, limit))
    return replace(one, outlook=label, outlook_score=score)


def _claim(one: Judgement, scores: Mapping[str, float], limit: float) -> Judgement:
    return replace(one, is_claim=scores["claim"] >= limit, claim_score=scores["claim"])


def _with_positions(
    model: OwnClassifier,
    texts: Sequence[str],
    judgements: Sequence[Judgement],
    subjects: Sequence[Subject],
) -> list[Judgement]:
    """The likeliest stance of each candidate is held where it passes the threshold."""
    asked = [
        (index, subject.name, party, proposition)
        for subject in subjects
        for index, (text, one) in enumerate(zip(texts, judgements, strict=True))
        for party, proposition in candidates(text, one.topics, subject)
    ]
    fields = [{"party": party.name, "proposition": about.text} for _, _, party, about in asked]
    found: list[list[HeldPosition]] = [[] for _ in texts]
    rows = model.scores([texts[index] for index, *_ in asked], fields)
    for (index, name, party, about), row in zip(asked, rows, strict=True):
        stance = max((one for one in STANCES if one in row), key=row.__getitem__)
        if row[stance] >= model.threshold:
            held = HeldPosition(name, party.id, about.topic, stance, row[stance])
            found[index].append(held)
    return [
        replace(one, positions=tuple(held)) for one, held in zip(judgements, found, strict=True)
    ]


def candidates(
    text: str, topics: Mapping[str, float], subject: Subject
) -> list[tuple[Party, Proposition]]:
    """Every party named, with every proposition whose topic was found or has a word in the text.

    At most MOST_ASKED, those of the likeliest topics.
    """
    named = {mention.party for mention in mentions(subject, text)}
    asked = [
        proposition
        for topic, proposition in sorted(subject.propositions.items())
        if topic in topics or hits("topics", topic, text) > 0
    ]
    parties = [party for party in subject.parties if party.id in named]
    found = [(party, proposition) for party in parties for proposition in asked]
    return likest(found, lambda one: topics.get(one[1].topic, 0.0))

"""An analyst whose positions come from a stance model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.judgement import Analyst, Judged
from models.stance.model import StanceModel
from models.subject import Subject

MOST = 4000  # characters of a "sentence" that are searched for holders


class WithStance:
    """See `models.judgement.Analyst`: all but the positions are the inner analyst's."""

    def __init__(self, inner: Analyst, stance: StanceModel) -> None:
        self._inner, self._stance = inner, stance

    @property
    def versions(self) -> Mapping[str, str]:
        return {**self._inner.versions, "stance": self._stance.version}

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        judged = self._inner.judge(sentences, ())  # without subjects it looks for no positions
        texts = [text[:MOST] for text in sentences]
        held = self._stance.positions(texts, judged.vectors, subjects)
        judgements = tuple(
            replace(judgement, positions=positions)
            for judgement, positions in zip(judged.judgements, held, strict=True)
        )
        return Judged(judgements, judged.vectors)

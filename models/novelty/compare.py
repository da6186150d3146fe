"""An earlier article against the sentences of a later one: what `parley compare` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.novelty.decision import Decision
from models.novelty.judge import NoveltyVerdict, judge
from models.novelty.match import Statement
from models.novelty.thresholds import Thresholds, shipped
from models.sentences import Sentence, split

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
_BLOCK = 512  # sentences encoded at a time


@dataclass(frozen=True, slots=True)
class Compared:
    """A later sentence with its verdict. `prior` is a sentence of the earlier text, or None."""

    id: Any
    novelty: str
    prior: Sentence | None
    reason: str

    def row(self) -> dict[str, Any]:
        """As the contract of `parley compare --json` has it: id, novelty, prior, reason."""
        prior = asdict(self.prior) if self.prior else None
        return {"id": self.id, "novelty": self.novelty, "prior": prior, "reason": self.reason}


def compare_texts(
    earlier_title: str,
    earlier_text: str,
    later: Sequence[tuple[Any, str]],
    claim_of: Callable[[str], tuple[bool, float]],
    encode: Encode,
    limits: Thresholds | None = None,
    decision: Decision | None = None,
) -> list[Compared]:
    """Judge the (id, text) sentences of `later` against one earlier article, in their order.

    `claim_of` says whether a sentence asserts news, and with which probability; `encode` gives
    vectors of length 1, one a text. What only the earlier title says is repeated too, without a
    prior. Without `decision` the rules decide.
    """
    limits = limits or shipped()
    sentences = split(earlier_text)
    known = _statements([sentence.text for sentence in sentences], encode)
    title = _statements([earlier_title] if earlier_title.strip() else [], encode)
    found = []
    for (id_, _), statement in zip(later, _statements([t for _, t in later], encode), strict=True):
        is_claim, score = claim_of(statement.text)
        verdict = judge(statement, known, is_claim, limits, claim_score=score, decision=decision)
        if verdict.novelty in ("new", "changed") and title:
            verdict = _by_title(statement, title, verdict, limits)
        prior = sentences[verdict.prior] if verdict.prior is not None else None
        found.append(Compared(id_, verdict.novelty, prior, verdict.reason))
    return found


def _by_title(
    statement: Statement, title: Sequence[Statement], verdict: NoveltyVerdict, limits: Thresholds
) -> NoveltyVerdict:
    again = judge(statement, title, True, limits)
    if again.novelty != "repeated":
        return verdict
    return NoveltyVerdict("repeated", None, "covered by the earlier title", again.score)


def _statements(texts: Sequence[str], encode: Encode) -> list[Statement]:
    found = []
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        found += [
            Statement(text, vector) for text, vector in zip(block, encode(block), strict=True)
        ]
    return found

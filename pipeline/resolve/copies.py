"""Is this article an earlier one's text again, and what does it say besides?"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from connectors.archive.documents import Article, Claim, Position
from models.similarity import copy_kind, shared, text_hash
from pipeline.records import Analysed
from pipeline.resolve.memory import Memory, best
from pipeline.resolve.recall import Policy, Prior, since_of
from pipeline.resolve.recurrence import recurs, said_at

BRIEF: Final = 3  # sentences; a longer text comes again only as a copy


@dataclass(frozen=True, slots=True)
class Copy:
    """The earlier article that this one repeats, and its text."""

    of: str
    kind: Literal["exact", "near"]
    text: str


def find_copy(memory: Memory, analysed: Analysed, prior: Prior, policy: Policy) -> Copy | None:
    """The same text elsewhere, or nearly: the earliest exact one, else the most similar.

    Other revisions of the same article are not copies of each other, nor is a brief that tells of
    another day in the same words ("drones attacked Kyiv overnight").
    """
    since, before = since_of(analysed, policy), analysed.order
    text = analysed.reading.text
    twins = [prior.same_text, memory.same_text(text_hash(text), before=before, since=since)]
    # Texts of no words have one hash and are no copies.
    exact = [t for t in twins if t and _kind(analysed, t) == "exact"]
    if exact:
        return _copy(min(exact, key=lambda twin: twin.order), "exact")
    here = memory.articles.nearest(
        analysed.vector, policy.article_neighbours, before=before, since=since
    )
    for neighbour in best([*prior.articles, *here], policy.article_neighbours):
        other = neighbour.document
        if isinstance(other, Article) and (kind := _kind(analysed, other)) is not None:
            return _copy(other, kind)
    return None


def own_words(analysed: Analysed, copy: Copy | None) -> Analysed:
    """The article with all that it has from the other taken for neither claim nor position.

    What a near copy adds (an update at the end, a correction) is judged like any report; an exact
    one adds nothing.
    """
    if copy is None:
        return analysed
    texts = [sentence.text for sentence in analysed.sentences]
    taken = shared(texts, copy.text) if copy.kind == "near" else [True] * len(texts)
    sentences = (
        replace(sentence, is_claim=False, positions=()) if is_taken else sentence
        for sentence, is_taken in zip(analysed.sentences, taken, strict=True)
    )
    return replace(analysed, sentences=tuple(sentences))


def only_news(
    claims: Sequence[Claim], positions: Sequence[Position], own: Container[str]
) -> tuple[tuple[Claim, ...], tuple[Position, ...]]:
    """What counts of a copy's own words: no repetition, nor the positions in one, except of what
    the article itself said in an earlier revision (`own`).

    Whoever copies an article copies its updates, from wherever they came first; so a copy
    corroborates nothing.
    """
    old = [one for one in claims if one.novelty == "repeated" and one.prior_id not in own]
    places = {(one.dossier, one.start) for one in old}
    return (
        tuple(one for one in claims if one not in old),
        tuple(one for one in positions if (one.dossier, one.start) not in places),
    )


def _copy(of: Article, kind: Literal["exact", "near"]) -> Copy:
    return Copy(of.article_id, kind, of.text)


def _kind(analysed: Analysed, other: Article) -> Literal["exact", "near"] | None:
    reading = analysed.reading
    if other.article_id == reading.intake.article_id:
        return None
    brief = len(analysed.sentences) <= BRIEF
    when = said_at(reading.intake)
    if brief and recurs(reading.text, when, other.text, other.first_seen_at):
        return None
    return copy_kind(reading.text, other.text)

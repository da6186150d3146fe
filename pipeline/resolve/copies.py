"""Is this article an earlier one's text again?"""

from dataclasses import dataclass
from typing import Literal

from connectors.archive.documents import Article
from models.similarity import copy_kind, text_hash
from pipeline.records import Analysed
from pipeline.resolve.memory import Memory, best
from pipeline.resolve.recall import Policy, Prior, since_of


@dataclass(frozen=True, slots=True)
class Copy:
    """The earlier article that this one repeats."""

    of: str
    kind: Literal["exact", "near"]


def find_copy(memory: Memory, analysed: Analysed, prior: Prior, policy: Policy) -> Copy | None:
    """The same text elsewhere, or nearly: the earliest exact one, else the most similar.

    Other revisions of the same article are not copies of each other.
    """
    own = analysed.reading.intake.article_id
    since, before = since_of(analysed, policy), analysed.order
    text = analysed.reading.text
    twins = [prior.same_text, memory.same_text(text_hash(text), before=before, since=since)]
    # Texts of no words have one hash and are no copies.
    exact = [t for t in twins if t and t.article_id != own and copy_kind(text, t.text) == "exact"]
    if exact:
        return Copy(min(exact, key=lambda twin: twin.order).article_id, "exact")
    here = memory.articles.nearest(
        analysed.vector, policy.article_neighbours, before=before, since=since
    )
    for neighbour in best([*prior.articles, *here], policy.article_neighbours):
        other = neighbour.document
        if isinstance(other, Article) and other.article_id != own:
            kind = copy_kind(text, other.text)
            if kind is not None:
                return Copy(other.article_id, kind)
    return None

"""What is worth an alert. Cold start is not news: nothing from a backlog is announced."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from connectors.archive.documents import Claim, Development, Position
from models.mentions import mentions
from models.subject import Subject
from pipeline.records import Analysed
from pipeline.resolve.ids import development_id


def announce(
    analysed: Analysed,
    claims: Sequence[Claim],
    positions: Sequence[Position],
    subjects: Mapping[str, Subject],
    warm_from: Mapping[str, datetime],
) -> Iterator[Development]:
    """One development for each claim on a topic that is new, or changed, once memory is warm.

    The entry must not be of its feed's backlog (the first successful poll) and must have been
    first seen after `warm_from` of the dossier. A claim that a later revision has withdrawn by now
    (an old dead letter was replayed) is no news.
    """
    intake = analysed.reading.intake
    if intake.backlog:
        return
    for claim in claims:
        warm = intake.first_seen_at > warm_from[claim.dossier]
        stands = claim.superseded_by is None
        if warm and stands and claim.topics and claim.novelty in ("new", "changed"):
            yield _development(analysed, claim, positions, subjects[claim.dossier])


def _development(
    analysed: Analysed, claim: Claim, positions: Sequence[Position], subject: Subject
) -> Development:
    intake = analysed.reading.intake
    topic = max(claim.topics, key=lambda name: (claim.topics[name], name))
    held = _held(claim, topic, positions)
    party = held.party if held else _first_named(subject, claim.text)
    kind: Literal["new_claim", "changed_claim"] = (
        "new_claim" if claim.novelty == "new" else "changed_claim"
    )
    return Development(
        id=development_id(kind, claim.dossier, topic, party, claim.id),
        month=intake.month,
        kind=kind,
        dossier=claim.dossier,
        topic=topic,
        party=party,
        stance=held.stance if held else None,
        novelty=claim.novelty,
        article_id=claim.article_id,
        cause_id=claim.id,
        root_id=claim.root_id,
        order=claim.order,
        publisher=claim.publisher,
        family=claim.family,
        first_seen_at=claim.first_seen_at,
        published_at=intake.published_at,
        title=analysed.reading.title,
        url=analysed.reading.url,
        text=claim.text,
        reason=claim.reason,
    )


def _held(claim: Claim, topic: str, positions: Sequence[Position]) -> Position | None:
    """The surest position that the claim's own sentence reports on its main topic."""
    here = [
        position
        for position in positions
        if position.dossier == claim.dossier
        and position.topic == topic
        and position.start == claim.start
    ]
    return max(here, key=lambda position: (position.score, position.party), default=None)


def _first_named(subject: Subject, text: str) -> str | None:
    named = mentions(subject, text)
    return named[0].party if named else None

"""Who holds which stance: one record for each party, topic and evidence sentence."""

from connectors.archive.documents import Position
from models.judgement import HeldPosition
from pipeline.records import Analysed, JudgedSentence
from pipeline.resolve.ids import position_id
from pipeline.resolve.revisions import History


def held_positions(analysed: Analysed, history: History) -> tuple[Position, ...]:
    """All positions of the article that no earlier revision reported; of one sentence said twice
    the first place counts."""
    fresh: dict[str, Position] = {}
    article_id = analysed.reading.intake.article_id
    for sentence in analysed.sentences:
        for held in sentence.positions:
            id_ = position_id(held.subject, article_id, held.party, held.topic, sentence.text)
            if id_ not in history.positions and id_ not in fresh:
                fresh[id_] = _position(analysed, sentence, held, id_)
    return tuple(fresh.values())


def _position(
    analysed: Analysed, sentence: JudgedSentence, held: HeldPosition, id_: str
) -> Position:
    intake = analysed.reading.intake
    return Position(
        id=id_,
        month=intake.month,
        dossier=held.subject,
        article_id=intake.article_id,
        revision=intake.revision,
        order=intake.order,
        publisher=intake.publisher,
        family=intake.family,
        first_seen_at=intake.first_seen_at,
        party=held.party,
        topic=held.topic,
        stance=held.stance,
        score=held.score,
        text=sentence.text,
        start=sentence.start,
        end=sentence.end,
        models=analysed.models,
    )

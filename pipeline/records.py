"""What passes from stage to stage. Frozen and picklable; each holds all that the next one needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.archive.documents import DeadLetter, Disposition, Document, Intake, Vector
from models.judgement import HeldPosition


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that passed the gate of `dossiers`."""

    intake: Intake
    dossiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A candidate with the text to be judged: the page's, or the feed's own where that is all."""

    intake: Intake
    dossiers: tuple[str, ...]
    url: str | None
    title: str
    text: str
    text_from: Literal["page", "feed"]


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence at `text[start:end]` of its reading, and what the models say of it.

    `dossiers` are those of the reading's that this sentence bears on.
    """

    text: str
    start: int
    end: int
    dossiers: tuple[str, ...]
    topics: Mapping[str, float]
    outlook: str
    outlook_score: float
    is_claim: bool
    claim_score: float
    positions: tuple[HeldPosition, ...]
    vector: Vector


@dataclass(frozen=True, slots=True)
class Analysed:
    """A reading, its sentences judged, and the model versions that did it by task."""

    reading: Reading
    sentences: tuple[JudgedSentence, ...]
    vector: Vector
    models: Mapping[str, str]

    @property
    def order(self) -> str:
        return self.reading.intake.order


@dataclass(frozen=True, slots=True)
class Ending:
    """How an entry's revision ends: the documents to write, then the disposition as commit mark."""

    intake: Intake
    disposition: Disposition
    reason: str
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """What a stage could not process: on its way to the dead letters.

    For the log: the article, if it became one, and the name of an exception that no stage expected.
    """

    letter: DeadLetter
    article: str | None = None
    bug: str = ""

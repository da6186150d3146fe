"""Analysed articles made by hand: what the stages before Resolve would have said."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from connectors.archive.documents import Intake, Vector
from models.judgement import HeldPosition
from models.subject import Party, Proposition, Subject
from pipeline.records import Analysed, JudgedSentence, Reading
from pipeline.resolve.recall import Policy
from pipeline.resolve.resolve import Context

START = datetime(2026, 3, 2, tzinfo=UTC)
SUBJECT = Subject(
    "ukraine",
    (
        Party("ukraine", "Ukraine", ("Kyiv", "Ukrainian")),
        Party("russia", "Russia", ("Moscow", "Kremlin", "Russian")),
    ),
    {"ceasefire": Proposition("ceasefire", "an immediate ceasefire", ("offers a truce",), ())},
)


def vector_of(text: str) -> Vector:
    """A bag of hashed words, L2-normalised: alike for alike texts, no model needed."""
    vector = np.zeros(384, np.float32)
    for word in text.casefold().split():
        digest = hashlib.sha256(word.strip(".,\"'").encode()).digest()
        vector[int.from_bytes(digest[:4], "big") % 384] += 1
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)


def intake(
    article: str,
    revision: str = "r1",
    *,
    hour: float = 48,
    publisher: str = "Harbour Post",
    family: str = "harbour",
    backlog: bool = False,
) -> Intake:
    return Intake(
        id=f"{article}-{revision}",
        article_id=article,
        revision=revision,
        month="2026-03",
        feed=f"{family}-world",
        publisher=publisher,
        family=family,
        kind="newspaper",
        guid=article,
        url=f"https://{family}.example/{article}",
        title=f"Title of {article}",
        summary="",
        content="",
        language="en",
        published_at=None,
        published_from=None,
        first_seen_at=START + timedelta(hours=hour),
        backlog=backlog,
    )


def analysed(
    entry: Intake,
    sentences: Sequence[str],
    *,
    positions: Mapping[str, HeldPosition] | None = None,
    outlook: str = "neutral",
    dossiers: tuple[str, ...] = ("ukraine",),
    text_from: Literal["page", "feed"] = "page",
) -> Analysed:
    """Every sentence a claim on a ceasefire in each dossier; `positions` by sentence."""
    text = " ".join(sentences)
    held = positions or {}
    judged = tuple(
        JudgedSentence(
            text=sentence,
            start=text.index(sentence),
            end=text.index(sentence) + len(sentence),
            dossiers=dossiers,
            topics={"ceasefire": 0.9},
            outlook=outlook,
            outlook_score=0.8,
            is_claim=True,
            claim_score=0.9,
            positions=(held[sentence],) if sentence in held else (),
            vector=vector_of(sentence),
        )
        for sentence in sentences
    )
    reading = Reading(entry, dossiers, entry.url, entry.title, text, text_from)
    return Analysed(reading, judged, vector_of(text), {"encoder": "words-1"})


def context(warm_hours: float = 24) -> Context:
    warm = START + timedelta(hours=warm_hours)
    subjects = {"ukraine": SUBJECT, "iran": replace(SUBJECT, name="iran")}
    return Context(subjects, dict.fromkeys(subjects, warm), Policy())

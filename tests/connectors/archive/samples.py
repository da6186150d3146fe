"""Made-up records for the tests of archives: give what matters, the rest is filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from connectors.archive.documents import (
    DIMENSIONS,
    Article,
    Claim,
    DeadLetter,
    Development,
    FeedRecord,
    Intake,
    Position,
    Vector,
    order_key,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
MODELS = {"encoder": "test-1"}
LAST = "~"  # above every order


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def unit(*values: float) -> Vector:
    """A unit vector: the values given, then zeros."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(values)] = values
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def angle(degrees: float) -> Vector:
    """Its cosine with `unit(1)` is that of the angle."""
    radians = np.deg2rad(degrees)
    return unit(float(np.cos(radians)), float(np.sin(radians)))


def order(minute: float, id_: str) -> str:
    return order_key(at(minute), None, id_)


def feed(name: str = "wire", **changes: Any) -> FeedRecord:
    values: dict[str, Any] = {
        "name": name,
        "publisher": name,
        "family": name,
        "kind": "agency",
        "url": f"https://{name}.example/rss",
        "first_ok_at": START,
        "last_ok_at": at(1),
        "last_polled_at": at(1),
        "next_due_at": at(16),
        "failures": 0,
        "last_reason": "",
        "state": {"etag": '"abc"', "seen": ["x", "y"]},
    }
    return FeedRecord(**(values | changes))


def intake(id_: str, minute: float = 0, **changes: Any) -> Intake:
    seen = at(minute)
    values: dict[str, Any] = {
        "id": id_,
        "article_id": f"article-{id_}",
        "revision": "r1",
        "month": f"{seen:%Y-%m}",
        "feed": "wire",
        "publisher": "wire",
        "family": "wire",
        "kind": "agency",
        "guid": id_,
        "url": f"https://wire.example/{id_}",
        "title": f"Title of {id_}",
        "summary": "A summary.",
        "content": "The content.",
        "language": "en",
        "published_at": None,
        "published_from": None,
        "first_seen_at": seen,
        "backlog": False,
    }
    return Intake(**(values | changes))


def _judged(id_: str, minute: float) -> dict[str, Any]:
    seen = at(minute)
    return {
        "id": id_,
        "month": f"{seen:%Y-%m}",
        "order": order(minute, id_),
        "article_id": f"article-{id_}",
        "publisher": "wire",
        "family": "wire",
        "first_seen_at": seen,
    }


def article(id_: str, minute: float = 0, **changes: Any) -> Article:
    values: dict[str, Any] = _judged(id_, minute) | {
        "revision": "r1",
        "feed": "wire",
        "kind": "agency",
        "url": f"https://wire.example/{id_}",
        "title": "Envoys meet",
        "text": "The envoys met on Tuesday.",
        "text_from": "page",
        "published_at": None,
        "published_from": None,
        "dossiers": ("ukraine",),
        "topics": {"ceasefire": 0.75},
        "outlook": "neutral",
        "outlook_score": 0.5,
        "copy_of": None,
        "copy_kind": None,
        "story": None,
        "rewrite_of": None,
        "text_hash": f"hash-{id_}",
        "claim_ids": (),
        "position_ids": (),
        "models": MODELS,
        "vector": unit(1),
    }
    return Article(**(values | changes))


def claim(id_: str, minute: float = 0, **changes: Any) -> Claim:
    values: dict[str, Any] = _judged(id_, minute) | {
        "revision": "r1",
        "dossier": "ukraine",
        "text": "The truce lasts thirty days.",
        "start": 0,
        "end": 28,
        "score": 0.9,
        "topics": {"ceasefire": 0.75},
        "outlook": "progress",
        "outlook_score": 0.5,
        "novelty": "new",
        "prior_id": None,
        "reason": "nothing like it",
        "root_id": id_,
        "models": MODELS,
        "vector": unit(1),
    }
    return Claim(**(values | changes))


def position(id_: str, minute: float = 0, **changes: Any) -> Position:
    values: dict[str, Any] = _judged(id_, minute) | {
        "revision": "r1",
        "dossier": "ukraine",
        "party": "russia",
        "topic": "alliances",
        "stance": "opposes",
        "score": 0.9,
        "text": "Moscow objects.",
        "start": 0,
        "end": 15,
        "models": MODELS,
    }
    return Position(**(values | changes))


def development(id_: str, minute: float = 0, **changes: Any) -> Development:
    values: dict[str, Any] = _judged(id_, minute) | {
        "kind": "new_claim",
        "dossier": "ukraine",
        "topic": "ceasefire",
        "party": None,
        "stance": None,
        "novelty": "new",
        "cause_id": f"claim-{id_}",
        "root_id": f"claim-{id_}",
        "published_at": None,
        "title": "Envoys meet",
        "url": None,
        "text": "The truce lasts thirty days.",
        "reason": "nothing like it",
    }
    return Development(**(values | changes))


def dead_letter(id_: str, minute: float = 0, **changes: Any) -> DeadLetter:
    values: dict[str, Any] = {
        "id": id_,
        "month": f"{at(minute):%Y-%m}",
        "stage": "fetch",
        "reason": "too_large",
        "error": "5000001 bytes",
        "feed": "wire",
        "intake_id": None,
        "payload": "{}",
        "first_seen_at": at(minute),
    }
    return DeadLetter(**(values | changes))

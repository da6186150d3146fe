"""The gate and the language check on real articles; skipped where these are not at hand.

The labels say which negotiations an article is about. They are generous for some publishers (a
boxer of the country) and strict for others (a night of strikes is about nothing), so that the share
of unlabelled articles that pass is bounded by what was measured, not by what would be ideal: by
reading, four in five of these do bear on a dossier.
"""

import gzip
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.dossiers import load_dossiers
from pipeline.gate import lead_of, passing
from pipeline.language import unsupported

REAL = Path(
    os.environ.get("PARLEY_REAL", Path(__file__).resolve().parents[2].parent / "shared" / "real")
)

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real articles at {REAL}: set PARLEY_REAL to measure the gate"
)


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    with gzip.open(REAL / name, "rt", encoding="utf-8") as file:
        return tuple(json.loads(line) for line in file)


@cache
def judged() -> tuple[tuple[Sequence[str], tuple[str, ...]], ...]:
    """What each article is about, and which dossiers it passes."""
    dossiers = load_dossiers()
    return tuple(
        (row["about"] or (), passing(dossiers, row["title"], lead_of("", row["text"]))[0])
        for row in rows("articles.jsonl.gz")
    )


def test_articles_about_a_negotiation_pass() -> None:
    about = [(labels, passed) for labels, passed in judged() if labels]
    reached = sum(bool(set(labels) & set(passed)) for labels, passed in about)
    assert reached / len(about) >= 0.97


@pytest.mark.parametrize(("name", "least"), [("gaza", 0.96), ("iran", 0.94), ("ukraine", 0.93)])
def test_articles_pass_for_each_dossier_they_are_about(name: str, least: float) -> None:
    """Less than for any: a second dossier is often not mentioned in title and lead at all."""
    about = [passed for labels, passed in judged() if name in labels]
    assert sum(name in passed for passed in about) / len(about) >= least


def test_few_of_the_others_pass() -> None:
    others = [passed for labels, passed in judged() if not labels]
    assert sum(bool(passed) for passed in others) / len(others) <= 0.085


def test_english_is_hardly_ever_called_unsupported() -> None:
    """The publishers of the leads all write English."""
    leads = [unsupported(f"{row['title']}. {row['lead']}") for row in rows("leads.jsonl.gz")]
    assert sum(language is not None for language in leads) <= len(leads) / 1000

import io

import numpy as np
import pytest

from models.encoder import shared_encoder
from models.stance.candidates import candidates
from models.stance.reading import glossed
from models.stance.sieve import PARTS, Scores, Seen, sieve_from, sieve_row
from models.subject import Subject

TEXT = "Vik rejected the truce that Suria had offered."


@pytest.fixture
def rows(subject: Subject, nothing_likely: dict[str, float]) -> dict[str, np.ndarray]:
    encoder = shared_encoder()
    seen = Seen.of(TEXT, encoder.encode([TEXT])[0])
    found = candidates(TEXT, nothing_likely, subject)
    return {
        one.party.id: sieve_row(seen, one, glossed(one.proposition, encoder), 0.5, len(found))
        for one in found
    }


def test_candidates_of_one_sentence_differ_by_what_is_around_their_holder(rows):
    assert set(rows) == {"norland", "suria"}
    assert rows["norland"].shape == rows["suria"].shape
    assert not np.array_equal(rows["norland"], rows["suria"])
    assert all(np.isfinite(row).all() and row.dtype == np.float32 for row in rows.values())


def test_a_sieve_comes_back_from_its_file():
    random = np.random.default_rng(3)
    arrays = {
        f"{name}.{part}": random.random(
            (2, 5) if part == "weight" else 5 if part in ("mean", "scale") else 2
        )
        for name in ("topics", "worth")
        for part in PARTS
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    sieve = sieve_from(buffer.getvalue(), low=0.25)
    assert sieve.low == 0.25
    np.testing.assert_allclose(sieve.worth.weight, arrays["worth.weight"], rtol=1e-6)


def test_probabilities_are_those_of_a_logistic_regression_over_scaled_features():
    two = np.array([2.0], np.float32)
    scores = Scores(np.array([[3.0]], np.float32), np.array([-1.0], np.float32), two, two)
    assert scores.probabilities(np.array([4.0], np.float32))[0] == pytest.approx(0.8808, abs=1e-4)

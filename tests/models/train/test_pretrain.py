"""Which pairs a pre-training takes, and at what rate; nothing is trained."""

import gzip
import json
from pathlib import Path
from unittest.mock import Mock

import pytest

pytest.importorskip("onnx", reason="what training starts from is an ONNX file")
pytest.importorskip("torch", reason="no torch here: nothing can be trained")

import torch

from models.errors import DataError
from models.train.pretrain import (
    MOST,
    RATE,
    Pair,
    Run,
    drawn,
    held_out,
    rate_at,
    read_pairs,
    source_of,
)


def pair(number: int, source: str) -> Pair:
    return Pair(f"first {number}", f"second {number}", "inference", number % 3, source)


def test_both_tasks_are_read_with_their_labels(tmp_path: Path):
    file = tmp_path / "pairs.jsonl.gz"
    rows = [
        {"premise": "a", "hypothesis": "b", "label": "contradiction", "source": "one"},
        {"text": "c", "target": "d", "label": "favor", "source": "two"},
    ]
    with gzip.open(file, "wt") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
    assert read_pairs(file) == [
        Pair("a", "b", "inference", 2, "one"),
        Pair("c", "d", "target", 0, "two"),
    ]


def test_a_source_is_cut_to_its_most_and_others_are_kept_whole():
    cut = next(source for source, most in MOST.items() if most)
    pairs = [pair(n, cut) for n in range(MOST[cut] + 50)] + [pair(n, "another") for n in range(70)]
    found = drawn(pairs)
    assert sum(one.source == cut for one in found) == MOST[cut]
    assert sum(one.source == "another" for one in found) == 70


def test_the_draw_is_mixed_and_the_same_each_time():
    pairs = [pair(n, "one") for n in range(200)] + [pair(n, "two") for n in range(200)]
    found = drawn(pairs)
    assert found == drawn(pairs)
    assert {one.source for one in found[:40]} == {"one", "two"}
    assert sorted(found, key=repr) == sorted(pairs, key=repr)


def test_pairs_of_one_first_text_are_held_out_together():
    groups = [
        [Pair(f"text {n}", f"second {k}", "target", 0, "one") for k in range(3)] for n in range(500)
    ]
    sides = [{held_out(one) for one in group} for group in groups]
    assert all(len(side) == 1 for side in sides)
    assert 0 < sum(True in side for side in sides) < 50


def test_the_rate_rises_shortly_and_falls_to_a_twentieth():
    assert rate_at(1, 2000) < 0.01 * RATE
    peak = max(range(1, 2001), key=lambda step: rate_at(step, 2000))
    assert 100 < peak <= 150
    assert rate_at(2000, 2000) == pytest.approx(0.05 * RATE, rel=0.05)


def test_a_checkpoint_of_other_pairs_is_not_gone_on_from(tmp_path: Path):
    one, other = tmp_path / "one.gz", tmp_path / "other.gz"
    one.write_bytes(b"a")
    other.write_bytes(b"b")
    of = source_of([one], 100, 1)
    assert of == source_of([one], 100, 1)
    changed = ([other], 100, 1), ([one], 99, 1), ([one], 100, 2)
    assert of not in [source_of(*given) for given in changed]
    torch.save({"source": of}, tmp_path / "pretrained.pt")
    run = Run(Mock(), Mock(), source=source_of([other], 100, 1))
    with pytest.raises(DataError, match="name another --out"):
        run.resume(tmp_path / "pretrained.pt")

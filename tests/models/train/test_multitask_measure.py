"""What a trained net is measured on."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch here: no net can be measured")

from models.train.labels import TextMissing
from models.train.multitask_measure import measured


def test_polls_that_the_labels_do_not_belong_to_are_refused(tmp_path: Path):
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"url": "https://news.example/a", "text": "A truce is near."}))
    with pytest.raises(TextMissing, match=r"^polls:\w+:\d+:\w+: its sentence is not in"):
        measured(texts)

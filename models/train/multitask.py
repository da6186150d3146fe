"""Train the multitask model: `python -m models.train.multitask --base JAR --out DIR …`.

Written sentences teach, and real ones where the articles that their labels belong to are at hand;
sentences of articles on other matters teach what has no topic. `--cross-validate` trains once for
each fold of articles and writes how right each net is on the articles that it did not see
(`report.json`); `models.train.multitask_measure` writes the like of a trained net, on sentences
that no training sees. A run that was cut short goes on with the folds that are missing.
`--without` leaves kinds of rows out, which tells what they are worth. `--start` takes the layers of
an inference pre-training; `--from` goes on from a trained net's weights, such as those that ship.
Everything is seeded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.encoder import Encoder
from models.encoder.session import sha256
from models.multitask.files import read_manifest, version_of
from models.multitask.restore import restored
from models.train.base import WORDS, checkpoint, read_base
from models.train.corpus import FOLDS, Corpus, Kind, add_corpus_arguments, load_corpus
from models.train.labels import LABELS, OTHER
from models.train.multitask_answers import answers
from models.train.multitask_examples import Answers, Material, gather
from models.train.multitask_learn import SHOWN, Schedule, learn, rounds
from models.train.multitask_net import MultitaskNet, net_over
from models.train.multitask_report import keep, report
from models.train.pool import digest
from models.train.rows import read_subjects

DOSSIERS = ("ukraine", "iran", "gaza")  # whose parties are looked for in other matters


@dataclass(frozen=True, slots=True)
class Start:
    """Where training begins: the published encoder with new heads; its layers as a pre-training
    (`pretrained`) left them; or all as in the folder of a trained net's `weights`.
    """

    base: Mapping[str, Tensor]
    seed: int
    pretrained: Path | None = None
    weights: Path | None = None

    def net(self, material: Material, chosen: Sequence[int]) -> MultitaskNet:
        """New nets take the spread of facts of form from the examples of these indices.

        Raises:
            FilesError: the weights to go on from are not whole.
            DataError: the pre-training is none.
            ValueError: they, or the pre-training, are of another net.
        """
        torch.manual_seed(self.seed)
        net = net_over(self.base[WORDS], material)
        if self.weights is not None:
            net.go_on_from(restored(self.weights, net.bert.config.num_attention_heads))
            return net
        net.standardise(np.stack([material.examples[index].form for index in chosen]))
        net.bert.load_state_dict(dict(self.base))
        if self.pretrained is not None:
            net.begin_with(checkpoint(self.pretrained))
        return net


Splits = Mapping[str, tuple[list[int], list[int]]]


def splits(corpus: Corpus, folds: Sequence[int], left_out: str | None) -> Splits:
    """By name, the rows to train on and those to measure on: read twice, or on other matters.

    Folds part articles; a dossier left out is measured by what saw no sentence of it.
    """
    measures = corpus.are("real", "other")
    if left_out is not None:
        of = np.array([row.dossier == left_out for row in corpus.rows])
        return {f"without-{left_out}": _parted(~of, of & measures)}
    fold = corpus.folds()
    return {f"fold-{n}": _parted(fold != n, (fold == n) & measures) for n in folds}


def _parted(seen: NDArray[np.bool_], unseen: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    return np.flatnonzero(seen).tolist(), np.flatnonzero(unseen).tolist()


def without(corpus: Corpus, chosen: Sequence[int], kinds: Sequence[Kind]) -> list[int]:
    """Those of the indices `chosen` whose rows are of other kinds."""
    left_out = corpus.are(*kinds)
    return [index for index in chosen if not left_out[index]]


def cross_validate(
    trained: Callable[[Sequence[int]], MultitaskNet],
    material: Material,
    parts: Splits,
    out: Path,
    source: Mapping[str, Any],
) -> tuple[list[int], Answers]:
    """Indices of the rows measured, and what nets that did not see them say of them.

    `trained` gives a net that learned from the rows of these indices. The answers of each part are
    kept in `out`, from where the next run on the same `source` takes them.
    """
    measured: list[int] = []
    found = []
    for name, (seen, unseen) in parts.items():
        file = out / f"{name}-{digest(json.dumps(source, sort_keys=True))}.npz"
        if not file.exists():
            began = time.monotonic()
            answers(trained(seen), material, unseen).write(file)
            print(f"{name}: {len(unseen)} rows, {time.monotonic() - began:.0f} s", flush=True)
        measured += unseen
        found.append(Answers.load(file, [material.examples[index] for index in unseen]))
    sentence = np.concatenate([one.sentence for one in found])
    first, second = (
        tuple(row for one in found for row in getattr(one, part)) for part in ("first", "second")
    )
    return measured, Answers(sentence, first, second)


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    start = Start(read_base(options.base), options.seed, options.start, options.weights)
    subjects = read_subjects(options.subjects)
    corpus = load_corpus(options.rows, options.articles, options.leads, DOSSIERS)
    material = gather(corpus.rows, subjects, Encoder.load(threads=options.threads))
    schedule = Schedule(options.epochs, options.rate_share, options.seed, options.hidden)
    print(f"{len(corpus.rows)} rows: {dict(Counter(corpus.kinds))}", flush=True)

    def trained(chosen: Sequence[int]) -> MultitaskNet:
        learned = without(corpus, chosen, options.without)
        net = start.net(material, learned)
        for rows, its_schedule in rounds(corpus, learned, schedule):
            learn(net, material, corpus, rows, its_schedule)
        return net

    source = _source(options, schedule)
    if not (options.cross_validate or options.leave_out):
        state = {"net": trained(range(len(corpus.rows))).state_dict(), "source": source}
        torch.save(state, options.out / "multitask.pt")
        return
    parts = splits(corpus, options.folds, options.leave_out)
    measured, said = cross_validate(trained, material, parts, options.out, source)
    found = report(material, corpus, measured, said)
    name = f"report-without-{options.leave_out}" if options.leave_out else "report"
    keep(found, options.out / f"{name}.json")


def _source(options: argparse.Namespace, schedule: Schedule) -> dict[str, Any]:
    """What the weights were made of, for the manifest: a hash of each kind of file, all code of the
    models and the lexicon among them, so that answers kept by other code are not taken for this
    one's.
    """
    models = Path(__file__).parents[1]
    kinds = {
        "code": [*models.rglob("*.py"), models / "lexicon.yaml"],
        "base": [options.base],
        "written": options.rows,
        "subjects": options.subjects,
        "labels": [*LABELS, OTHER] if options.articles else [],
        "real": [options.articles, options.leads] if options.articles else [],
        "start": [options.start] if options.start else [],
    }
    source = asdict(schedule) | {
        "shown": dict(SHOWN),
        "sha256": {kind: _hash(paths) for kind, paths in kinds.items()},
    }
    if options.without:
        source["without"] = sorted(options.without)
    if options.weights:
        source["from"] = version_of(read_manifest(options.weights))
    return source


def _hash(paths: Sequence[Path]) -> str:
    """Of the files' names and contents, in the order of the names; none if there are none."""
    lines = sorted(f"{path.name} {sha256(path)}\n" for path in paths)  # names repeat, hashes tell
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_corpus_arguments(parser)
    parser.add_argument("--base", type=Path, required=True, help="the jar of models.train.base")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--start", type=Path, help="checkpoint of models.train.pretrain")
    begin.add_argument("--from", dest="weights", type=Path, help="folder of weights to go on from")
    usual = Schedule()
    parser.add_argument("--epochs", type=int, default=usual.epochs, help="%(default)s if left out")
    parser.add_argument(
        "--rate-share", type=float, default=usual.rate_share, help="of the usual rates"
    )
    parser.add_argument("--seed", type=int, default=usual.seed, help="%(default)s if left out")
    parser.add_argument(
        "--without", nargs="+", choices=get_args(Kind), default=[], help="kinds of rows left out"
    )
    parser.add_argument("--hidden", type=float, default=usual.hidden, help="share of words hidden")
    parser.add_argument("--out", type=Path, required=True, help="folder of what is written")
    parser.add_argument("--cross-validate", action="store_true", help="measure instead of training")
    parser.add_argument("--folds", nargs="+", type=int, default=range(FOLDS), help="only these")
    parser.add_argument("--leave-out", metavar="DOSSIER", help="measure on it, train on the rest")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if bool(options.articles) != bool(options.leads):
        parser.error("--articles and --leads are given both or neither")
    if (options.cross_validate or options.leave_out) and not options.articles:
        parser.error("only real sentences are measured on: give --articles and --leads")
    return options


if __name__ == "__main__":
    main()

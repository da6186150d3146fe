"""Scores of our classes by a sequence classifier of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.huggingface.network import Floats, Network
from models.huggingface.open import explained, open_network, version_of
from models.huggingface.settings import NONE, Classifier, ModelUnusable, Stances
from models.multitask.heads import sigmoid, softmax

Fields = Mapping[str, str]  # party and proposition, where the task has them
NO_FIELDS: Fields = {}


class OwnClassifier:
    """A classifier and the way its labels are ours. Thread-safe."""

    def __init__(self, network: Network, settings: Classifier) -> None:
        self._network, self._settings = network, settings
        self.version = version_of(settings, network)
        self.threshold = settings.threshold
        self.classes = settings.classes
        config = network.model.config
        self._labels: list[str] = [config.id2label[index] for index in range(config.num_labels)]
        self._sigmoid = settings.scores == "sigmoid" or (
            settings.scores is None
            and (config.problem_type == "multi_label_classification" or len(self._labels) == 1)
        )

    @classmethod
    def load(cls, task: str, settings: Classifier) -> OwnClassifier:
        """Raises ModelUnusable, naming the key, also where the model has no such label."""
        network = open_network(task, settings, "AutoModelForSequenceClassification")
        with explained(f"{task}.{settings.place}", settings):
            model = cls(network, settings)
            model._check(task)
            return model

    def _check(self, task: str) -> None:
        asked = {f"{task}.labels.{label}": label for label in self._settings.labels}
        if self._settings.entailment is not None:
            asked[f"{task}.entailment"] = self._settings.entailment
        for key, label in asked.items():
            if label not in self._labels:
                known = ", ".join(self._labels)
                raise ModelUnusable(key, f"the model has no label {label!r}; it has {known}")

    def scores(
        self, texts: Sequence[str], fields: Sequence[Fields] | None = None
    ) -> list[dict[str, float]]:
        """By class of ours from 0 to 1, for each text (and the fields of its hypothesis)."""
        given = fields or [NO_FIELDS] * len(texts)
        if self._settings.hypotheses:
            return self._inferred(texts, given)
        hypothesis = self._settings.hypothesis if isinstance(self._settings, Stances) else None
        pairs = [hypothesis.format(**one) for one in given] if hypothesis else None
        return [self._ours(row) for row in self._probabilities(texts, pairs)]

    def _inferred(self, texts: Sequence[str], fields: Sequence[Fields]) -> list[dict[str, float]]:
        column = self._labels.index(str(self._settings.entailment))
        found: list[dict[str, float]] = [{} for _ in texts]
        for ours, hypothesis in self._settings.hypotheses.items():
            rows = self._probabilities(texts, [hypothesis.format(**one) for one in fields])
            for scores, row in zip(found, rows, strict=True):
                scores[ours] = float(row[column])
        return found

    def _ours(self, row: Floats) -> dict[str, float]:
        """Several labels that mean the same: exclusive ones add up, of others the best counts."""
        scores = dict.fromkeys(sorted(self.classes), 0.0)
        for label, score in zip(self._labels, map(float, row), strict=True):
            ours = self._settings.labels.get(label, NONE)
            if ours != NONE:
                both = max(scores[ours], score) if self._sigmoid else scores[ours] + score
                scores[ours] = min(both, 1.0)
        return scores

    def _probabilities(self, texts: Sequence[str], pairs: Sequence[str] | None) -> Floats:
        logits = self._network.rows(texts, pairs, lambda output: output.logits, len(self._labels))
        return sigmoid(logits) if self._sigmoid else softmax(logits)

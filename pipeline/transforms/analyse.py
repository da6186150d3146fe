"""Analyse: sentences, and what the models say of them, as a RunInference over articles."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.ml.inference.base import ModelHandler, RunInference

from models import load_analyst
from models.huggingface import Engine
from models.judgement import Analyst, Judgement, Vectors
from models.sentences import Sentence, split
from pipeline import metrics
from pipeline.dossiers import Dossier
from pipeline.gate import bearing
from pipeline.records import Analysed, Failure, JudgedSentence, Reading
from pipeline.transforms.stage import FAILED, Rejected, failure_of, timed

STAGE = "analyse"
MAX_TEXT = 400_000  # characters; the longest real articles have a tenth of it


class Analyse(beam.PTransform):
    """Readings in; outputs `analysed` (Analysed) and `failed`."""

    def __init__(self, dossiers: Sequence[Dossier], engine: Engine | None = None) -> None:
        super().__init__()
        self._dossiers, self._engine = tuple(dossiers), engine

    def expand(self, readings: beam.PCollection) -> Any:
        return (
            readings
            | "Judge" >> RunInference(ArticleHandler(self._dossiers, self._engine))
            | "Part" >> beam.ParDo(_Part()).with_outputs(FAILED, main="analysed")
        )


class ArticleHandler(ModelHandler[Reading, Analysed | Failure, Analyst]):
    """Judges articles one by one, whatever batch Beam makes of them.

    One bad article must not fail its batch, and companions must not change its scores: so the
    batching that is worth its while, that of sentences by length, happens within the article.
    """

    def __init__(self, dossiers: Sequence[Dossier], engine: Engine | None = None) -> None:
        super().__init__(min_batch_size=1, max_batch_size=16)
        self._engine = engine
        self._dossiers = {dossier.name: dossier for dossier in dossiers}

    def load_model(self) -> Analyst:
        analyst = load_analyst(self._engine)
        for task, version in analyst.versions.items():
            metrics.MODEL_INFO.labels(task, version).set(1)
        return analyst

    def run_inference(
        self,
        batch: Sequence[Reading],
        model: Analyst,
        inference_args: dict[str, Any] | None = None,
    ) -> Iterator[Analysed | Failure]:
        for reading in batch:
            with timed(STAGE):
                result = self._one(reading, model)
            yield result

    def get_metrics_namespace(self) -> str:
        return "parley"

    def _one(self, reading: Reading, model: Analyst) -> Analysed | Failure:
        try:
            return analyse(reading, model, [self._dossiers[name] for name in reading.dossiers])
        except Exception as error:
            return failure_of(STAGE, reading.intake, error)


def analyse(reading: Reading, analyst: Analyst, dossiers: Sequence[Dossier]) -> Analysed:
    """Judge every sentence of a reading.

    Raises:
        Rejected: `text_too_long` or `no_sentences`.
    """
    if len(reading.text) > MAX_TEXT:
        raise Rejected("text_too_long", f"{len(reading.text)} characters, at most {MAX_TEXT}")
    sentences = split(reading.text)
    if not sentences:
        raise Rejected("no_sentences", "the text holds no sentence")
    started = time.perf_counter()
    texts = [sentence.text for sentence in sentences]
    judged = analyst.judge(texts, [dossier.subject for dossier in dossiers])
    metrics.MODEL_SECONDS.labels("judge").inc(time.perf_counter() - started)
    return Analysed(
        reading=reading,
        sentences=tuple(
            map(_sentence, sentences, bearing(dossiers, texts), judged.judgements, judged.vectors)
        ),
        vector=mean_vector(judged.vectors),
        models=dict(analyst.versions),
    )


def mean_vector(vectors: Vectors) -> Vectors:
    """The L2-normalised mean of n vectors, float32 of shape (384,): the article's own vector."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def _sentence(
    sentence: Sentence, dossiers: tuple[str, ...], judgement: Judgement, vector: Vectors
) -> JudgedSentence:
    return JudgedSentence(
        text=sentence.text,
        start=sentence.start,
        end=sentence.end,
        dossiers=dossiers,
        topics=judgement.topics,
        outlook=judgement.outlook,
        outlook_score=judgement.outlook_score,
        is_claim=judgement.is_claim,
        claim_score=judgement.claim_score,
        positions=tuple(held for held in judgement.positions if held.subject in dossiers),
        vector=vector,
    )


class _Part(beam.DoFn):
    """Results to the main output, failures to their own."""

    def process(self, result: Analysed | Failure) -> Iterator[Any]:
        if isinstance(result, Failure):
            yield beam.pvalue.TaggedOutput(FAILED, result)
        else:
            yield result

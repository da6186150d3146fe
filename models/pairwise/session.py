"""Two texts to logits: a pair model's graph in ONNX Runtime, over the encoder's word embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from models.encoder.beside import FilesError, WordEmbeddings, verified_manifest, version_of
from models.encoder.session import WEIGHTS as ENCODER_WEIGHTS
from models.encoder.session import open_graph, padded, small_batches
from models.encoder.text import encodable

BATCH_TOKENS = 512
Floats = npt.NDArray[np.float32]


class PairError(Exception):
    """The weights are missing, incomplete or not those that the manifest names."""


class PairSession:
    """A loaded graph. Safe to share between threads; load one for each process."""

    def __init__(
        self,
        graph: onnxruntime.InferenceSession,
        words: WordEmbeddings,
        tokenizer: Tokenizer,
        manifest: dict[str, Any],
    ) -> None:
        self.version = version_of(manifest)
        self.manifest = manifest
        self._graph, self._words, self._tokenizer = graph, words, tokenizer
        self._classes: int = graph.get_outputs()[0].shape[1]

    @classmethod
    def load(
        cls, name: str, folder: Path, encoder: Path | None = None, threads: int = 1
    ) -> PairSession:
        """The graph `name` in `folder` over the word embeddings of the encoder in `encoder`.

        Raises PairError if a file is missing or is not the one that the manifest names.
        """
        beside = encoder or ENCODER_WEIGHTS
        try:
            manifest = verified_manifest(folder, beside, ("words", "max_tokens"))
        except FilesError as error:
            raise PairError(f"no usable {name} model in {folder}: {error}") from error
        tokenizer = Tokenizer.from_file(str(beside / "tokenizer.json"))
        tokenizer.enable_truncation(manifest["max_tokens"], strategy="longest_first")
        words = WordEmbeddings.map(beside / "encoder.bin", manifest["words"])
        graph = open_graph(folder / f"{name}.onnx", threads)
        return cls(graph, words, tokenizer, manifest)

    def read(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Logits float32 (len(pairs), classes).

        An answer does not depend on the other pairs beyond 1e-5.
        """
        found = np.empty((len(pairs), self._classes), dtype=np.float32)
        tokens = self._tokenizer.encode_batch([(encodable(a), encodable(b)) for a, b in pairs])
        for chosen in small_batches([len(one.ids) for one in tokens], BATCH_TOKENS):
            found[chosen] = self._run([tokens[index] for index in chosen])
        return found

    def _run(self, rows: list[Encoding]) -> Floats:
        ids, mask = padded([row.ids for row in rows])
        segments, _ = padded([row.type_ids for row in rows])
        feeds = {
            "words": self._words[ids],
            "segments": segments,
            "attention_mask": mask.astype(np.int64),
        }
        logits: Floats = self._graph.run(["logits"], feeds)[0]
        return logits

"""Sentences to vectors: tokenizer and ONNX Runtime session over the weights in this package."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from models.encoder.text import encodable
from models.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

DIMENSIONS = 384
BATCH_TOKENS = 256
WEIGHTS = Path(__file__).parent / "weights"
GRAPH, DATA, TOKENIZER = "encoder.onnx", "encoder.bin", "tokenizer.json"
FILES = (GRAPH, DATA, TOKENIZER)
MANIFEST = "manifest.json"
FACTS = {"name": str, "storage": str, "max_tokens": int}  # of the manifest, beside the hashes
Vectors = npt.NDArray[np.float32]


class EncoderError(ModelError):
    """The weights are missing, incomplete or not those that the manifest names."""


class FilesError(ModelError):
    """A file is missing, damaged or not the one that the manifest names."""


class Encoder:
    """A loaded model. Safe to share between threads; load one for each process (`shared_encoder`).

    Nothing is ever downloaded: the tokenizer and the graph are read from one folder.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: PreTrainedTokenizerFast,
        version: str,
        max_tokens: int,
    ) -> None:
        self.version = version
        self.max_tokens = max_tokens
        self._session = session
        self._tokenizer = tokenizer
        self._tokenizing = threading.Lock()  # truncation is state of the tokenizer

    @classmethod
    def load(cls, path: Path | None = None, threads: int = 1) -> Encoder:
        """The encoder in the folder `path` (that which ships with Parley) on `threads` threads.

        Raises EncoderError if a file is missing or is not the one that the manifest names.
        """
        folder = path or WEIGHTS
        try:
            manifest = verified_manifest(folder, FILES, FACTS)
        except FilesError as error:
            raise EncoderError(f"no usable encoder in {folder}: {error}") from error
        return cls(
            open_graph(folder / GRAPH, threads),
            _tokenizer(folder / TOKENIZER),
            _version(manifest),
            manifest["max_tokens"],
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, in their order: fp32 (len(texts), 384), each of length 1.

        A text is read up to `max_tokens` tokens. Its vector does not depend on the other texts
        beyond 1e-6, so a replay gives the same scores.
        """
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        tokens = self._tokens(texts)
        for chosen in small_batches([len(row) for row in tokens]):
            vectors[chosen] = self._run([tokens[index] for index in chosen])
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        with self._tokenizing:
            encoded = self._tokenizer(
                [encodable(text) for text in texts],
                truncation=True,
                max_length=self.max_tokens,
                padding=False,
                return_attention_mask=False,
                return_token_type_ids=False,
            )
        rows: list[list[int]] = encoded["input_ids"]
        return rows

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids, mask = padded(rows)
        feeds = {"input_ids": ids, "attention_mask": mask.astype(np.int64)}
        vectors: Vectors = self._session.run(["vectors"], feeds)[0]
        return vectors


def padded(
    rows: Sequence[Sequence[int]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Rows of integers side by side, with 0 behind the short ones, and where the rows are."""
    lengths = np.array([len(row) for row in rows])
    mask = np.arange(lengths.max()) < lengths[:, None]
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = np.concatenate(rows)
    return ids, mask


def small_batches(lengths: Sequence[int], tokens: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices of texts, shortest first, in batches of at most `tokens` tokens with the padding.

    Sorted, a batch is hardly padded; small, it stays in the cache: on the sentences of single
    articles a tenth faster than batches of 8, nearly twice as fast as unsorted batches of 32.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verified_manifest(
    folder: Path, files: Collection[str], facts: Mapping[str, type]
) -> dict[str, Any]:
    """The manifest in `folder`, which names `files` by their hashes and holds `facts`, each of its
    type. All files that it names are there, and are those named.

    Raises FilesError naming the file, or what the manifest lacks.
    """
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FilesError(str(error)) from error
    except ValueError as error:
        raise FilesError(f"{file} is damaged: {error}") from error
    found = manifest if isinstance(manifest, dict) else {}
    for name, kind in {"sha256": dict, **facts}.items():
        if not isinstance(found.get(name), kind):
            raise FilesError(f"{file} has no {name}")
    verify_files(folder, found["sha256"], files, file)
    return found


def verify_files(
    folder: Path, hashes: Mapping[str, object], files: Collection[str], manifest: Path
) -> None:
    """All that `hashes`, of the `manifest`, names is in `folder`; and `files` are among it.

    Raises FilesError naming the file.
    """
    for name in files:
        if name not in hashes:
            raise FilesError(f"{manifest} has no {name}")
    for name, expected in hashes.items():
        try:
            found = sha256(folder / name)
        except OSError as error:
            raise FilesError(str(error)) from error
        if found != expected:
            raise FilesError(f"{folder / name} is not the file that the manifest names")


def _version(manifest: dict[str, Any]) -> str:
    """Name, storage and a short hash of everything that a vector depends on."""
    digest = hashlib.sha256(json.dumps(manifest["sha256"], sort_keys=True).encode())
    return f"{manifest['name']}-{manifest['storage']}-{digest.hexdigest()[:8]}"


def open_graph(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _tokenizer(file: Path) -> PreTrainedTokenizerFast:
    # Importing transformers takes a second, so only who loads an encoder pays for it; without this
    # it says at each import that there is no torch.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(file),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


_shared: Encoder | None = None
_sharing = threading.Lock()


def shared_encoder() -> Encoder:
    """The encoder of this process, loaded at the first call, from whatever thread."""
    global _shared
    with _sharing:
        if _shared is None:
            _shared = Encoder.load()
        return _shared

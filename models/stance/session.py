"""Questions to logits: the stance graph in ONNX Runtime (`models.pairwise.session`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.pairwise.session import Floats, PairError, PairSession, WordEmbeddings
from models.stance.reading import Question

__all__ = ["StanceError", "StanceSession", "WordEmbeddings"]

WEIGHTS = Path(__file__).parent / "weights"
StanceError = PairError


class StanceSession:
    """A loaded stance graph. Safe to share between threads; load one for each process."""

    def __init__(self, session: PairSession) -> None:
        self.version = session.version
        self.thresholds: dict[str, float] = session.manifest["thresholds"]
        self._session = session

    @classmethod
    def load(
        cls, path: Path | None = None, encoder: Path | None = None, threads: int = 1
    ) -> StanceSession:
        """The graph in the folder `path` over the word embeddings of the encoder in `encoder`.

        Raises StanceError if a file is missing or is not the one that the manifest names.
        """
        return cls(PairSession.load("stance", path or WEIGHTS, encoder, threads))

    def read(self, questions: Sequence[Question]) -> Floats:
        """Logits float32 (len(questions), 4): expressed, then supports, opposes, conditional.

        An answer does not depend on the other questions beyond 1e-5.
        """
        return self._session.read([(one.sentence, one.asked) for one in questions])

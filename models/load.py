"""The analyst of this process, loaded once however many threads ask for it."""

import threading

from models.encoder import shared_encoder
from models.heads import HeadsAnalyst
from models.heads.weights import load_heads
from models.judgement import Analyst

_lock = threading.Lock()
_analyst: Analyst | None = None


def load_analyst() -> Analyst:
    """The one analyst of this process, ready to judge."""
    global _analyst
    with _lock:
        if _analyst is None:
            _analyst = HeadsAnalyst(shared_encoder(), load_heads())
        return _analyst

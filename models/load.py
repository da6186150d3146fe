"""The analyst of this process, loaded once however many threads ask for it."""

import threading

from models.encoder import shared_encoder
from models.huggingface.settings import Engine
from models.judgement import Analyst
from models.multitask import MultitaskAnalyst, MultitaskSession

_lock = threading.Lock()
_analyst: Analyst | None = None
_with_own: dict[str, Analyst] = {}


def load_analyst(engine: Engine | None = None) -> Analyst:
    """The one analyst of this process, ready to judge; one more for each engine configured.

    Raises ModelError where the weights that ship cannot be used; ModelUnusable, which is one, where
    a model of the engine cannot serve.
    """
    global _analyst
    with _lock:
        if _analyst is None:
            _analyst = MultitaskAnalyst(shared_encoder(), MultitaskSession.load())
        return _analyst if engine is None else _own(engine, _analyst)


def _own(engine: Engine, inner: Analyst) -> Analyst:
    from models.huggingface.analyst import WithOwnModels  # for those who configure it

    key = engine.model_dump_json()
    if key not in _with_own:
        _with_own[key] = WithOwnModels.load(inner, engine)
    return _with_own[key]

"""models.yaml: which models read, where they are not the built-in ones."""

from pathlib import Path
from typing import cast

from connectors.archive.documents import Article
from connectors.archive.protocol import Archive, Query
from connectors.config import ConfigError, load_yaml, problem
from models import load_analyst
from models.huggingface import Engine, ModelUnusable
from models.huggingface.settings import PREFIX


def load_engine(file: Path | None) -> Engine | None:
    """The engine that a file configures, its models loaded and tried; None is the built-in one.

    Raises:
        ConfigError: naming file, key and reason, where anything of it cannot be used.
    """
    if file is None:
        return None
    engine = load_yaml(file, Engine).beside(file.absolute().parent)
    if not engine.tasks:
        return None
    try:
        load_analyst(engine)
    except ModelUnusable as error:
        raise ConfigError([problem(file, 0, error.key, error.reason)]) from error
    return engine


def check_vectors(archive: Archive, engine: Engine | None) -> None:
    """Vectors of two encoders cannot be compared: an archive keeps to one.

    Versions of the built-in encoder count as one. The newest article speaks for the archive.

    Raises:
        ConfigError: the archive's vectors are of another encoder than the engine's.
    """
    newest = archive.search("articles", Query(limit=1, superseded=True))
    if not newest:
        return
    stored = cast(Article, newest[0].document).models.get("encoder", "")
    own = engine is not None and engine.encoder is not None
    ours = load_analyst(engine).versions["encoder"] if own else "the built-in encoder"
    if stored != ours and (own or stored.startswith(PREFIX)):
        reason = f"the archive's vectors are of {stored}, not of {ours}; use another archive"
        raise ConfigError([problem("models", 0, "encoder", reason)])

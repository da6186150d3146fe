"""From a configured place to a loaded model, its name and what it lacks."""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.huggingface.network import Network
from models.huggingface.settings import PREFIX, ModelUnusable, Source

_KINDS = {"AutoModel": "encoder", "AutoModelForSequenceClassification": "sequence classifier"}
LOADED = {".safetensors", ".bin", ".json", ".txt", ".model"}  # files that decide an answer


def open_network(task: str, source: Source, auto: str, max_tokens: int | None = None) -> Network:
    """The model of a task by the transformers class `auto`, tried with the longest text it takes.

    A folder is never looked for elsewhere; a hub's repository is downloaded where it is not in the
    cache yet.

    Raises:
        ModelUnusable: torch is missing, the place is, or what is there does not load or run.
    """
    place = check_place(task, source)
    with explained(place, source):
        network = _loaded(place, source, auto, max_tokens)
        longest = "word " * 2 * network.max_tokens
        network.rows([longest], None, lambda output: output[0].flatten(1)[:, :1], 1)
    return network


def check_place(task: str, source: Source) -> str:
    """The key that says where the model is.

    Raises:
        ModelUnusable: torch is missing, or there is no such folder.
    """
    place = f"{task}.{source.place}"
    if importlib.util.find_spec("torch") is None:
        reason = "models of one's own need torch: pip install 'parley-monitor[torch]'"
        raise ModelUnusable(place, reason)
    with explained(place, source):
        if source.folder and not source.folder.is_dir():
            raise ModelUnusable(place, f"there is no folder {source.folder}")
    return place


def _loaded(place: str, source: Source, auto: str, max_tokens: int | None) -> Network:
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    where: dict[str, Any] = {"local_files_only": source.folder is not None}
    if source.revision:
        where["revision"] = source.revision
    name = str(source.folder or source.hub)
    tokenizer = transformers.AutoTokenizer.from_pretrained(name, **where)
    model, report = getattr(transformers, auto).from_pretrained(
        name, dtype="float32", output_loading_info=True, **where
    )
    # transformers fills in what the weights lack at random, and only warns.
    lacking = sorted(key for key in report["missing_keys"] if _is_read(key, auto))
    if lacking or report["mismatched_keys"]:
        raise ModelUnusable(place, f"{name} is no {_KINDS[auto]}: its weights lack {lacking}")
    return Network(model.eval(), tokenizer, max_tokens)


def _is_read(key: str, auto: str) -> bool:
    """A pooler, which few encoders come with, is read by classifiers only."""
    return auto != "AutoModel" or not key.startswith("pooler.")


@contextmanager
def explained(place: str, source: Source) -> Iterator[None]:
    """Whatever a foreign library raises over a foreign model means that it cannot be used."""
    try:
        yield
    except ModelUnusable:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        plain = said and not isinstance(error, LookupError | AttributeError | TypeError)
        reason = said if plain else f"{type(error).__name__} {said}".strip()
        raise ModelUnusable(place, f"{source.folder or source.hub} does not load: {reason}") from (
            error
        )


def version_of(source: Source, network: Network) -> str:
    """Name and hash of the weights or commit of the hub, then a digest of how they are read."""
    if source.folder:
        name, state = source.folder.name, _hash_of(source.folder)
    else:
        commit = getattr(network.model.config, "_commit_hash", None) or source.revision
        name, state = str(source.hub), str(commit)
    return f"{PREFIX}{name}@{state[:12]}+{source.digest()}"


def _hash_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted((*folder.iterdir(), *folder.glob("1_Pooling/*"))):
        if file.is_file() and file.suffix in LOADED:
            digest.update(file.relative_to(folder).as_posix().encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def side_file(source: Source, name: str) -> Any:
    """A JSON file that stands beside a model, or None where there is none."""
    if source.folder:
        file = source.folder / name
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    from transformers.utils.hub import cached_file

    found = cached_file(
        str(source.hub),
        name,
        revision=source.revision,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return json.loads(Path(found).read_text(encoding="utf-8")) if found else None

"""Rows that people or models have labelled, in the one form that `models.evaluate` compares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.evaluate import Row
from models.taxonomy import NOVELTIES, OUTLOOKS, STANCES, TOPICS

GROUPED_BY = ("article", "group", "pair", "publisher", "id")  # the first that a row has


class LabelError(Exception):
    """A row without labels, or with one that is none of the fixed sets."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A row of truth, what names it among answers, and what it is resampled with."""

    key: str
    group: str
    labels: Row


def labelled_sentence(row: Mapping[str, Any]) -> Labelled:
    """A sentence `{id, topics, outlook, claim, positions}` as its annotators left it.

    Raises:
        LabelError: a label is missing or unknown; the message names it.
    """
    _check("topics", row.get("topics"), TOPICS)
    _check("outlook", [row.get("outlook")], OUTLOOKS)
    if not isinstance(row.get("claim"), bool):
        raise LabelError("`claim` is neither true nor false")
    for held in _list("positions", row.get("positions")):
        if not isinstance(held, Mapping) or not isinstance(held.get("party"), str):
            raise LabelError("`positions` holds one without a `party`")
        _check("topic", [held.get("topic")], TOPICS)
        _check("stance", [held.get("stance")], STANCES)
    return Labelled(str(row.get("id")), _group(row), row)


def labelled_pair(row: Mapping[str, Any]) -> list[Labelled]:
    """The sentences of `later` with their novelty, or the several labels that are right.

    Raises:
        LabelError: a label is missing or unknown; the message names it.
    """
    found = []
    for sentence in _list("later", row.get("later")):
        if not isinstance(sentence, Mapping):
            raise LabelError("`later` holds what is no sentence")
        right = sentence.get("novelty")
        _check("novelty", right if isinstance(right, list) else [right], NOVELTIES)
        if not right:
            raise LabelError("`novelty` is empty")
        found.append(Labelled(_pair_key(row, sentence), _group(row), sentence))
    return found


def sentence_answer(result: Mapping[str, Any]) -> Row | None:
    """The labels in a row of `analyse --json`, all its sentences together, or as labelled by hand.

    None where there is an `error` or no sentence.

    Raises:
        LabelError: it is neither.
    """
    if "error" in result or result.get("sentences") == []:
        return None
    if "sentences" not in result:
        return labelled_sentence(result).labels
    try:
        return _joined(result["sentences"])
    except (LookupError, TypeError) as error:
        raise LabelError(f"no answer of `analyse --json`: {error!r}") from error


def pair_answers(result: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """The verdicts in a row of `compare --json`, or as labelled by hand, by key.

    Raises:
        LabelError: it is neither.
    """
    if "later" in result:
        for one in labelled_pair(result):
            novelty = one.labels["novelty"]
            yield one.key, {"novelty": novelty[0] if isinstance(novelty, list) else novelty}
    elif "error" not in result:
        for sentence in _list("sentences", result.get("sentences")):
            if not isinstance(sentence, Mapping):
                raise LabelError("`sentences` holds what is no verdict")
            _check("novelty", [sentence.get("novelty")], NOVELTIES)
            yield _pair_key(result, sentence), sentence


def _joined(sentences: list[dict[str, Any]]) -> Row:
    outlooks = {sentence["outlook"]["label"] for sentence in sentences} - {"neutral"}
    return {
        "topics": [topic["topic"] for sentence in sentences for topic in sentence["topics"]],
        "outlook": outlooks.pop() if len(outlooks) == 1 else "neutral",
        "claim": any(sentence["claim"]["label"] for sentence in sentences),
        "positions": [held for sentence in sentences for held in sentence["positions"]],
    }


def _pair_key(row: Mapping[str, Any], sentence: Mapping[str, Any]) -> str:
    return f"{row.get('pair')}\t{sentence.get('id')}"


def _group(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in GROUPED_BY if name in row), "")


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise LabelError(f"`{name}` is missing or no list")
    return value


def _check(name: str, labels: Any, known: tuple[str, ...]) -> None:
    for label in _list(name, labels):
        if label not in known:
            raise LabelError(f"`{name}` is {label!r}, none of {', '.join(known)}")

"""Rows that people or models have labelled, in the one form that `models.evaluate` compares."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.evaluate import Row
from models.taxonomy import NOVELTIES, OUTLOOKS, STANCES, TOPICS

GROUPED_BY = ("article", "group", "pair", "publisher", "id")  # the first that a row has, if any


class LabelError(Exception):
    """A row without labels, or with one that is none of the fixed sets."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A row of truth, what names it among answers, and what it is resampled with."""

    key: str
    group: str
    labels: Row


def labelled_sentence(row: Mapping[str, Any], number: int) -> Labelled:
    """A sentence `{id, topics, outlook, claim, positions}` as its annotators left it.

    `number` tells it from other rows, in case nothing in it does.

    Raises:
        LabelError: a label is missing or unknown; the message names it.
    """
    return Labelled(str(row.get("id")), _group(row, number), _checked(row))


def labelled_pair(row: Mapping[str, Any], number: int) -> list[Labelled]:
    """The sentences of `later` with their novelty, or the several labels that are right.

    `number` tells the pair from other rows, in case nothing in it does.

    Raises:
        LabelError: a label is missing or unknown; the message names it.
    """
    group = _group(row, number)
    return [Labelled(_pair_key(row, one), group, one) for one in _checked_later(row)]


def sentence_answer(result: Mapping[str, Any]) -> Row | None:
    """The labels in a row of `analyse --json`, all its sentences together, or as labelled by hand.

    None where there is an `error` or no sentence.

    Raises:
        LabelError: it is neither, or a label is unknown; the message names it.
    """
    if "error" in result or result.get("sentences") == []:
        return None
    if "sentences" not in result:
        return _checked(result)
    return _joined([_flat(one) for one in _list("sentences", result["sentences"])])


def pair_answers(result: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """The verdicts in a row of `compare --json`, or as labelled by hand, by key.

    Raises:
        LabelError: it is neither, or a label is unknown; the message names it.
    """
    if "later" in result:
        for one in _checked_later(result):
            right = one["novelty"]
            label = right[0] if isinstance(right, list) else right
            yield _pair_key(result, one), {"novelty": label}
    elif "error" not in result:
        for sentence in _list("sentences", result.get("sentences")):
            if not isinstance(sentence, Mapping):
                raise LabelError("`sentences` holds what is no verdict")
            _check("novelty", [sentence.get("novelty")], NOVELTIES)
            yield _pair_key(result, sentence), sentence


def _flat(sentence: Any) -> Row:
    """A sentence of `analyse --json` as one labelled by hand, whose labels have no scores."""
    try:
        row = {
            "topics": [found["topic"] for found in sentence["topics"]],
            "outlook": sentence["outlook"]["label"],
            "claim": sentence["claim"]["label"],
            "positions": sentence["positions"],
        }
    except (LookupError, TypeError) as error:
        raise LabelError(f"no answer of `analyse --json`: {error!r}") from error
    return _checked(row)


def _joined(sentences: Sequence[Row]) -> Row:
    outlooks = {sentence["outlook"] for sentence in sentences} - {"neutral"}
    return {
        "topics": [topic for sentence in sentences for topic in sentence["topics"]],
        "outlook": outlooks.pop() if len(outlooks) == 1 else "neutral",
        "claim": any(sentence["claim"] for sentence in sentences),
        "positions": [held for sentence in sentences for held in sentence["positions"]],
    }


def _checked(row: Row) -> Row:
    """The row itself, whose labels are all there and all known."""
    _check("topics", row.get("topics"), TOPICS)
    _check("outlook", [row.get("outlook")], OUTLOOKS)
    if not isinstance(row.get("claim"), bool):
        raise LabelError("`claim` is neither true nor false")
    for held in _list("positions", row.get("positions")):
        if not isinstance(held, Mapping) or not isinstance(held.get("party"), str):
            raise LabelError("`positions` holds one without a `party`")
        _check("topic", [held.get("topic")], TOPICS)
        _check("stance", [held.get("stance")], STANCES)
    return row


def _checked_later(row: Mapping[str, Any]) -> Iterator[Row]:
    """The sentences of `later`, each of which has a novelty, or several, that is known."""
    for sentence in _list("later", row.get("later")):
        if not isinstance(sentence, Mapping):
            raise LabelError("`later` holds what is no sentence")
        right = sentence.get("novelty")
        _check("novelty", right if isinstance(right, list) else [right], NOVELTIES)
        if not right:
            raise LabelError("`novelty` is empty")
        yield sentence


def _pair_key(row: Mapping[str, Any], sentence: Mapping[str, Any]) -> str:
    return f"{row.get('pair')}\t{sentence.get('id')}"


def _group(row: Mapping[str, Any], number: int) -> str:
    """What names a group, or one of the row alone: all in one group would give no interval."""
    names = (row.get(name) for name in GROUPED_BY)
    return next((str(name) for name in names if name is not None), f"row {number}")


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise LabelError(f"`{name}` is missing or no list")
    return value


def _check(name: str, labels: Any, known: tuple[str, ...]) -> None:
    for label in _list(name, labels):
        if label not in known:
            raise LabelError(f"`{name}` is {label!r}, none of {', '.join(known)}")

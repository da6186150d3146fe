"""Which models of the user's own read which task, and how their labels become ours.

What can be known without the models is checked here, the rest when they are loaded.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from models.errors import ModelError
from models.taxonomy import OUTLOOKS, STANCES, TOPICS

PREFIX = "transformers:"  # of all versions of models that are not built in
NONE = "none"  # ours for what a task does not know: any label may stand for it
Probability = Annotated[float, Field(gt=0, le=1)]


class ModelUnusable(ModelError):
    """A configured model cannot serve: the `key` of its configuration, and the `reason`."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


class Source(BaseModel):
    """Where a model is: a `folder` of this machine, or a `revision` of a repository of the hub."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path | None = None
    hub: str | None = None
    revision: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.folder is None) == (self.hub is None):
            raise ValueError("needs either `folder` or `hub`")
        if (self.hub is None) != (self.revision is None):
            raise ValueError("`hub` needs a `revision` (best a commit), and only `hub` has one")
        return self

    @property
    def place(self) -> str:
        """The key that says where the model is."""
        return "folder" if self.folder else "hub"

    def beside(self, folder: Path) -> Self:
        """The same, with a relative `folder` taken from this one, and `~` from home."""
        if self.folder is None:
            return self
        try:
            found = (folder / self.folder.expanduser()).resolve()
        except (RuntimeError, ValueError) as error:  # a home that is not there, a NUL
            raise ModelUnusable(
                self.place, f"{str(self.folder)!r} is no folder: {error}"
            ) from error
        return self.model_copy(update={"folder": found})

    def digest(self) -> str:
        """Of all that decides an answer besides the model itself: six hexadecimal digits."""
        text = self.model_dump_json(exclude={"folder", "hub", "revision"})
        return hashlib.sha256(text.encode()).hexdigest()[:6]


class EncoderSource(Source):
    """An encoder of 384 dimensions. `pooling` is needed where the model does not say its own."""

    pooling: Literal["mean", "cls"] | None = None
    prefix: str = ""


class Classifier(Source):
    """A sequence classifier, read in one of two ways.

    `labels` maps its labels to ours; those left out mean nothing. `hypotheses` holds a text for
    each of ours, which the model is asked to infer from the sentence (zero-shot): the score is that
    of its label `entailment`.
    """

    ours: ClassVar[tuple[str, ...]] = ()
    needed: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[frozenset[str]] = frozenset()

    labels: Mapping[str, str] = Field(default_factory=dict)
    hypotheses: Mapping[str, str] = Field(default_factory=dict)
    entailment: str | None = None
    scores: Literal["softmax", "sigmoid"] | None = None
    threshold: Probability

    @field_validator("labels")
    @classmethod
    def _labels_are_ours(cls, labels: Mapping[str, str]) -> Mapping[str, str]:
        for theirs, ours in labels.items():
            if ours not in (*cls.ours, NONE):
                raise ValueError(f"{theirs!r} becomes {ours!r}; there are {_list(cls.ours)}, none")
        return labels

    @field_validator("hypotheses")
    @classmethod
    def _hypotheses_are_of_ours(cls, hypotheses: Mapping[str, str]) -> Mapping[str, str]:
        for ours, text in hypotheses.items():
            if ours not in cls.ours:
                raise ValueError(f"{ours!r} is unknown; there are {_list(cls.ours)}")
            _check_fields(text, cls.fields)
        return hypotheses

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.labels) == bool(self.hypotheses):
            raise ValueError("needs either `labels` or `hypotheses`")
        if bool(self.hypotheses) != (self.entailment is not None):
            raise ValueError("`hypotheses` needs `entailment`, the model's label for what follows")
        if not self.classes:
            raise ValueError("`labels` name no class of ours")
        left_out = sorted(set(self.required) - self.classes)
        if left_out:
            way = "labels" if self.labels else "hypotheses"
            raise ValueError(f"`{way}` leaves out {_list(left_out)}")
        return self

    @property
    def required(self) -> tuple[str, ...]:
        """The classes of ours that cannot be left out."""
        return self.needed

    @property
    def classes(self) -> frozenset[str]:
        """The classes of ours that the model gives."""
        return frozenset(self.labels.values() or self.hypotheses) - {NONE}


class Topics(Classifier):
    """`others: built-in` leaves the topics that are not named to the built-in models."""

    ours = needed = TOPICS
    others: Literal["built-in"] | None = None

    @property
    def required(self) -> tuple[str, ...]:
        return () if self.others else self.needed


class Outlooks(Classifier):
    """What is neither progress nor setback beyond the threshold is neutral."""

    ours = OUTLOOKS
    needed = ("progress", "setback")


class Claims(Classifier):
    ours = needed = ("claim",)


class Stances(Classifier):
    """Reads the sentence with a `hypothesis` on a party and a proposition, or with `hypotheses`."""

    ours = STANCES
    needed = ("supports", "opposes")
    fields = frozenset({"party", "proposition"})
    hypothesis: str | None = None

    @field_validator("hypothesis")
    @classmethod
    def _has_its_fields(cls, text: str | None) -> str | None:
        if text is not None:
            _check_fields(text, cls.fields)
        return text

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if bool(self.labels) != (self.hypothesis is not None):
            raise ValueError("`labels` need a `hypothesis`; `hypotheses` have their own")
        return self


class Engine(BaseModel):
    """The whole of models.yaml. Tasks that are not named stay with the built-in models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: Literal["built-in", "transformers"]
    encoder: EncoderSource | None = None
    topics: Topics | None = None
    outlook: Outlooks | None = None
    claim: Claims | None = None
    stance: Stances | None = None

    @model_validator(mode="after")
    def _names_what_it_is_for(self) -> Self:
        if self.engine == "transformers" and not self.tasks:
            raise ValueError("`engine: transformers` names a model for at least one task")
        if self.engine == "built-in" and self.tasks:
            reason = f"`engine: built-in` names no models, but here are {_list(self.tasks)}"
            raise ValueError(f"{reason}; write `engine: transformers` for models of your own")
        return self

    @property
    def tasks(self) -> dict[str, Source]:
        """The tasks that are named, with their models."""
        named = {name: getattr(self, name) for name in type(self).model_fields if name != "engine"}
        return {name: task for name, task in named.items() if task is not None}

    def beside(self, folder: Path) -> Self:
        """The same, with relative folders taken from this one."""
        tasks = {name: task.beside(folder) for name, task in self.tasks.items()}
        return self.model_copy(update=tasks)


def _check_fields(text: str, fields: frozenset[str]) -> None:
    """A template holds every one of `fields` and no other ({party}, {proposition}), as texts."""
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"{text!r} is no template: {error}") from error
    if found != fields:
        wanted = _list(sorted(f"{{{name}}}" for name in fields)) or "nothing"
        raise ValueError(f"{text!r} must hold {wanted} in braces, and no other")
    try:
        text.format(**dict.fromkeys(fields, "a text"))
    except (ValueError, LookupError) as error:  # of {party:d}, {party!z}, {party:{other}}
        raise ValueError(f"{text!r} cannot be filled in: {error}") from error


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)

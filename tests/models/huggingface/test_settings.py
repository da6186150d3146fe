"""What of models.yaml is wrong is said before any model is loaded."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from models.huggingface.open import open_network
from models.huggingface.settings import Engine, ModelUnusable, Source
from models.taxonomy import TOPICS

CLAIM = {"folder": "x", "labels": {"yes": "claim"}, "threshold": 0.5}
NLI = {"entailment": "supports", "contradiction": "opposes", "neutral": "none"}
ABOUT = "{party} supports {proposition}"
HYPOTHESIS = ("stance", "hypothesis")


def engine(**tasks: Any) -> Engine:
    return Engine.model_validate({"engine": "transformers", **tasks})


def stance(**more: Any) -> dict[str, Any]:
    return {"folder": "x", "labels": NLI, "hypothesis": ABOUT, "threshold": 0.5, **more}


def topics(**more: Any) -> dict[str, Any]:
    labels = {f"LABEL_{index}": topic for index, topic in enumerate(TOPICS)}
    return {"folder": "x", "labels": labels, "threshold": 0.5, **more}


def test_each_task_can_be_named_alone_and_the_others_stay_built_in() -> None:
    assert set(engine(claim=CLAIM).tasks) == {"claim"}
    assert set(engine(topics=topics(), stance=stance()).tasks) == {"topics", "stance"}


def test_a_topic_classifier_may_leave_topics_to_the_built_in_models_if_it_says_so() -> None:
    one = {"LABEL_0": "ceasefire"}
    assert engine(topics=topics(labels=one, others="built-in")).topics
    with pytest.raises(ValidationError, match="leaves out alliances, arms_and_forces"):
        engine(topics=topics(labels=one))


@pytest.mark.parametrize(
    ("tasks", "key", "reason"),
    [
        ({}, (), "at least one task"),
        ({"claims": CLAIM}, ("claims",), "Extra inputs"),
        ({"claim": CLAIM | {"folder": None}}, ("claim",), "either `folder` or `hub`"),
        ({"claim": CLAIM | {"hub": "a/b"}}, ("claim",), "either `folder` or `hub`"),
        ({"claim": CLAIM | {"revision": "main"}}, ("claim",), "only `hub` has one"),
        ({"claim": CLAIM | {"folder": None, "hub": "a/b"}}, ("claim",), "needs a `revision`"),
        ({"claim": CLAIM | {"threshold": 1.5}}, ("claim", "threshold"), "less than or equal to 1"),
        ({"claim": CLAIM | {"labels": {}}}, ("claim",), "either `labels` or `hypotheses`"),
        ({"claim": CLAIM | {"labels": {"yes": "none"}}}, ("claim",), "no class of ours"),
        ({"claim": CLAIM | {"labels": {"yes": "news"}}}, ("claim", "labels"), "becomes 'news'"),
        ({"claim": CLAIM | {"entailment": "e"}}, ("claim",), "`hypotheses` needs `entailment`"),
        ({"stance": stance(hypothesis=None)}, ("stance",), "need a `hypothesis`"),
        ({"stance": stance(hypothesis="{party} agrees")}, ("stance", "hypothesis"), "{proposition"),
        ({"stance": stance(hypothesis="{party")}, ("stance", "hypothesis"), "is no template"),
        ({"stance": stance(hypothesis=ABOUT.replace("y}", "y:d}"))}, HYPOTHESIS, "be filled in"),
        ({"stance": stance(hypothesis=ABOUT.replace("y}", "y!z}"))}, HYPOTHESIS, "be filled in"),
        ({"stance": stance(hypothesis=ABOUT.replace("y}", "y:{x}}"))}, HYPOTHESIS, "be filled in"),
        ({"engine": "built-in", "claim": CLAIM}, (), "names no models, but here are claim"),
        ({"stance": stance(labels={"e": "supports"})}, ("stance",), "leaves out opposes"),
    ],
)
def test_a_mistake_is_told_at_its_key(
    tasks: dict[str, Any], key: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        engine(**tasks)
    (error,) = caught.value.errors()
    assert error["loc"] == key
    assert reason in error["msg"]


def test_folders_are_relative_to_the_file_that_names_them() -> None:
    assert engine(claim=CLAIM).beside(Path("/etc/parley")).tasks["claim"].folder == Path(
        "/etc/parley/x"
    )


def test_another_threshold_is_another_version_another_place_is_not() -> None:
    def digest(**more: Any) -> str:
        return engine(claim=CLAIM | more).tasks["claim"].digest()

    assert digest() == digest(folder="y")
    assert digest() != digest(threshold=0.6)


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelUnusable, match=r"claim\.folder: .*parley-monitor\[torch\]"):
        open_network("claim", Source(folder=tmp_path), "AutoModel")

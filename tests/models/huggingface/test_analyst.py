"""Models of a user's own answer for the tasks they are named for, and for no other."""

import json
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="models of one's own need the extra `torch`")

from models import load_analyst
from models.huggingface import Engine, ModelUnusable
from models.huggingface.analyst import WithOwnModels, candidates
from models.judgement import HeldPosition
from models.multitask.analyst import MOST_ASKED
from models.subject import Party, Proposition, Subject
from models.taxonomy import TOPICS
from tests.models.huggingface.tiny import logits_of, save_classifier, save_encoder

TEXTS = (
    "Kyiv rejected the ceasefire.",
    "Russia said that talks on sanctions and a truce in Ukraine is new.",
    "Talks.",
    "Moscow accepts the truce, and Kyiv opposes it.",
    "Moscow said talks on it.",
    "",
)
SUBJECT = Subject(
    "ukraine",
    (Party("ukraine", "Ukraine", ("Kyiv",)), Party("russia", "Russia", ("Moscow",))),
    {
        "ceasefire": Proposition("ceasefire", "a ceasefire in Ukraine"),
        "sanctions": Proposition("sanctions", "sanctions on Russia"),
    },
)
ABOUT = "{party} supports {proposition}"
NLI = ("entailment", "neutral", "contradiction")


def engine(**tasks: Any) -> Engine:
    return Engine.model_validate({"engine": "transformers", **tasks})


def own(**tasks: Any) -> WithOwnModels:
    return WithOwnModels.load(load_analyst(), engine(**tasks))


def softmax(logits: list[float]) -> np.ndarray:
    powers = np.exp(np.array(logits) - max(logits))
    return powers / powers.sum()


def sigmoid(logits: list[float]) -> np.ndarray:
    return 1 / (1 + np.exp(-np.array(logits)))


def test_a_multi_label_classifier_gives_the_topics_and_leaves_the_rest(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "t", [f"L{i}" for i in range(16)], multi_label=True)
    labels = {f"L{index}": topic for index, topic in enumerate(TOPICS)}
    analyst = own(topics={"folder": folder, "labels": labels, "threshold": 0.5})
    judged, built_in = (one.judge(TEXTS, [SUBJECT]) for one in (analyst, load_analyst()))
    for text, mine, theirs in zip(TEXTS[:5], judged.judgements, built_in.judgements, strict=False):
        scores = dict(zip(TOPICS, sigmoid(logits_of(folder, text)), strict=False))
        wanted = {topic: score for topic, score in scores.items() if score >= 0.5}
        assert mine.topics == pytest.approx(wanted, abs=1e-5)
        assert list(mine.topics.values()) == sorted(mine.topics.values(), reverse=True)
        assert (mine.outlook, mine.is_claim) == (theirs.outlook, theirs.is_claim)
        assert mine.positions == theirs.positions
    assert any(0 < len(one.topics) < 15 for one in judged.judgements)
    assert np.array_equal(judged.vectors, built_in.vectors)
    assert np.array_equal(analyst.encode(TEXTS), built_in.vectors)


def test_topics_that_it_does_not_know_can_stay_built_in(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "t", ["a", "b"], multi_label=True, bias={"a": 90})
    topics = {"folder": folder, "labels": {"a": "navigation"}, "threshold": 0.5}
    text = "Kyiv rejected a ceasefire with Moscow."
    (built_in,) = load_analyst().judge([text], []).judgements
    (judged,) = own(topics=topics | {"others": "built-in"}).judge([text], []).judgements
    assert "ceasefire" in built_in.topics
    assert dict(judged.topics) == {**built_in.topics, "navigation": pytest.approx(1.0)}


def test_labels_that_mean_the_same_add_up(tmp_path: Path) -> None:
    labels = ["up", "rise", "down", "flat"]
    folder = save_classifier(tmp_path / "o", labels, bias={"up": 20, "rise": 20})
    ours = {"up": "progress", "rise": "progress", "down": "setback"}
    analyst = own(outlook={"folder": folder, "labels": ours, "threshold": 0.5})
    (judged,) = analyst.judge(TEXTS[:1], []).judgements
    assert judged.outlook == "progress"
    assert judged.outlook_score == pytest.approx(sum(softmax(logits_of(folder, TEXTS[0]))[:2]))


def test_an_outlook_below_the_threshold_is_neutral(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "o", ["up", "down", "flat"], bias={"flat": 30})
    ours = {"up": "progress", "down": "setback"}
    analyst = own(outlook={"folder": folder, "labels": ours, "threshold": 0.5})
    (judged,) = analyst.judge(TEXTS[:1], []).judgements
    assert judged.outlook == "neutral"
    assert judged.outlook_score == pytest.approx(1.0, abs=1e-3)


def test_a_claim_is_what_passes_the_threshold(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    wanted = [softmax(logits_of(folder, text))[1] for text in TEXTS[:5]]
    limit = float(min(wanted) + max(wanted)) / 2
    analyst = own(claim={"folder": folder, "labels": {"yes": "claim"}, "threshold": limit})
    judged = analyst.judge(TEXTS[:5], []).judgements
    assert [one.claim_score for one in judged] == pytest.approx(wanted, abs=1e-5)
    assert [one.is_claim for one in judged] == [score > limit for score in wanted]
    assert {one.is_claim for one in judged} == {True, False}


def test_an_inference_model_reads_the_sentence_with_a_hypothesis_for_each_candidate(
    tmp_path: Path,
) -> None:
    folder = save_classifier(tmp_path / "s", NLI, bias={"neutral": -30})
    labels = {"entailment": "supports", "contradiction": "opposes", "neutral": "none"}
    stance = {"folder": folder, "labels": labels, "hypothesis": ABOUT, "threshold": 0.01}
    text = "Kyiv rejected the ceasefire and sanctions on Moscow."
    (judged,) = own(stance=stance).judge([text], [SUBJECT]).judgements
    for held in judged.positions:
        party = {"ukraine": "Ukraine", "russia": "Russia"}[held.party]
        about = SUBJECT.propositions[held.topic].text
        yes, _, no = softmax(logits_of(folder, text, f"{party} supports {about}"))
        assert held.stance == ("supports" if yes > no else "opposes")
        assert held.score == pytest.approx(max(yes, no), abs=1e-5)
    assert {(held.party, held.topic) for held in judged.positions} == {
        (party, topic) for party in ("ukraine", "russia") for topic in ("ceasefire", "sanctions")
    }


def test_where_no_stance_is_likely_none_is_held(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "s", NLI, bias={"neutral": 60})
    labels = {"entailment": "supports", "contradiction": "opposes"}
    stance = {"folder": folder, "labels": labels, "hypothesis": ABOUT, "threshold": 0.5}
    judged = own(stance=stance).judge(TEXTS, [SUBJECT])
    assert [one.positions for one in judged.judgements] == [()] * len(TEXTS)


def test_zero_shot_asks_one_hypothesis_for_each_stance(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "s", NLI)
    asked = {"supports": ABOUT, "opposes": "{party} opposes {proposition}"}
    stance = {"folder": folder, "hypotheses": asked, "entailment": "entailment"}
    analyst = own(stance=stance | {"threshold": 0.001})
    (judged,) = analyst.judge([TEXTS[0]], [SUBJECT]).judgements
    scores = {
        ours: softmax(
            logits_of(
                folder, TEXTS[0], text.format(party="Ukraine", proposition="a ceasefire in Ukraine")
            )
        )[0]
        for ours, text in asked.items()
    }
    best = max(scores, key=scores.__getitem__)
    (held,) = judged.positions
    score = pytest.approx(scores[best], abs=1e-5)
    assert held == HeldPosition("ukraine", "ukraine", "ceasefire", best, score)  # type: ignore[arg-type]


def test_a_sentence_that_names_everybody_is_asked_about_its_likeliest_topics() -> None:
    parties = tuple(Party(f"p{n}", f"Party{n}", ()) for n in range(5))
    propositions = {topic: Proposition(topic, topic) for topic in TOPICS}
    topics = {topic: 1 - n / 100 for n, topic in enumerate(reversed(TOPICS))}
    text = " ".join(party.name for party in parties)
    found = candidates(text, topics, Subject("all", parties, propositions))
    assert len(found) == MOST_ASKED
    assert {about.topic for _, about in found} == set(TOPICS[-5:])
    assert [party.id for party, _ in found] == sorted(party.id for party, _ in found)


def test_an_answer_does_not_depend_on_its_companions(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    encoder = save_encoder(tmp_path / "e", pooling="mean")
    claim = {"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5}
    analyst = own(claim=claim, encoder={"folder": encoder})
    together = analyst.judge(TEXTS * 3, [])
    for index, text in enumerate(TEXTS * 3):
        alone = analyst.judge([text], [])
        score = together.judgements[index].claim_score
        assert alone.judgements[0].claim_score == pytest.approx(score, abs=1e-5)
        assert alone.vectors[0] == pytest.approx(together.vectors[index], abs=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_an_encoder_of_384_dimensions_gives_the_vectors(tmp_path: Path, pooling: str) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = save_encoder(tmp_path / "e", pooling=pooling)
    analyst = own(encoder={"folder": folder})
    vectors = analyst.judge(TEXTS, []).vectors
    assert np.array_equal(analyst.encode(TEXTS), vectors)
    pieces = AutoTokenizer.from_pretrained(folder)(TEXTS[1], return_tensors="pt")
    with torch.inference_mode():
        states = AutoModel.from_pretrained(folder)(**pieces).last_hidden_state[0]
    wanted = (states.mean(0) if pooling == "mean" else states[0]).numpy()
    assert vectors.dtype == np.float32
    assert vectors[1] == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-5)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)


def test_versions_name_the_model_and_change_with_its_weights(tmp_path: Path) -> None:
    def version(seed: int) -> str:
        shutil.rmtree(tmp_path / "mine", ignore_errors=True)
        folder = save_classifier(tmp_path / "mine", ["no", "yes"], seed=seed)
        claim = {"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5}
        return own(claim=claim).versions["claim"]

    assert version(1).startswith("transformers:mine@")
    assert version(1) == version(1)
    assert version(1) != version(2)
    built_in = load_analyst().versions
    folder = tmp_path / "mine"
    analyst = own(claim={"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5})
    assert {**analyst.versions, "claim": built_in["claim"]} == built_in


def test_a_folder_is_read_without_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda *at: asked.append(at))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *at, **more: asked.append(at))
    own(claim={"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5})
    assert not asked


def test_threads_that_ask_together_get_the_one_analyst_of_the_process(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    mine = engine(claim={"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5})
    with ThreadPoolExecutor(4) as pool:
        analysts = list(pool.map(lambda _: load_analyst(mine), range(8)))
    assert len({id(one) for one in analysts}) == 1
    assert analysts[0] is not load_analyst()


def refused(**tasks: Any) -> str:
    with pytest.raises(ModelUnusable) as caught:
        own(**tasks)
    return str(caught.value)


def test_a_label_that_the_model_does_not_have_is_refused(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    claim = {"folder": folder, "labels": {"Yes": "claim"}, "threshold": 0.5}
    wanted = "claim.labels.Yes: the model has no label 'Yes'; it has no, yes"
    assert refused(claim=claim) == wanted
    zero_shot = {"folder": folder, "hypotheses": {"claim": "this is new"}, "threshold": 0.5}
    assert refused(claim=zero_shot | {"entailment": "e"}).startswith("claim.entailment: ")


def test_what_does_not_load_is_refused_with_its_place(tmp_path: Path) -> None:
    claim = {"labels": {"yes": "claim"}, "threshold": 0.5}
    nowhere = tmp_path / "nowhere"
    assert refused(claim=claim | {"folder": nowhere}).startswith("claim.folder: there is no folder")
    (tmp_path / "empty").mkdir()
    assert "does not load" in refused(claim=claim | {"folder": tmp_path / "empty"})
    broken = save_classifier(tmp_path / "broken", ["no", "yes"])
    (broken / "model.safetensors").write_bytes(b"torn")
    assert "does not load" in refused(claim=claim | {"folder": broken})


def test_an_encoder_is_no_classifier(tmp_path: Path) -> None:
    """transformers would draw the missing head at random."""
    folder = save_encoder(tmp_path / "e")
    claim = {"folder": folder, "labels": {"LABEL_1": "claim"}, "threshold": 0.5}
    assert "no sequence classifier" in refused(claim=claim)


def test_an_encoder_must_fit_the_archive_and_say_how_it_pools(tmp_path: Path) -> None:
    narrow = save_encoder(tmp_path / "narrow", width=32)
    wanted = "encoder.folder: its vectors have 32 dimensions; the archive keeps 384"
    assert refused(encoder={"folder": narrow}) == wanted
    silent = save_encoder(tmp_path / "silent", pooling=None)
    assert refused(encoder={"folder": silent}).startswith("encoder.pooling: ")
    assert own(encoder={"folder": silent, "pooling": "mean"})
    other = save_encoder(tmp_path / "other", pooling="max")
    assert "only mean and cls" in refused(encoder={"folder": other})
    first = save_encoder(tmp_path / "first", pooling="cls")
    assert "says cls" in refused(encoder={"folder": first, "pooling": "mean"})


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("sentence_bert_config.json", "{", "does not load"),
        ("sentence_bert_config.json", "[1]", "AttributeError"),
        ("modules.json", '[{"name": "0"}]', "KeyError 'type'"),
        ("1_Pooling/config.json", "{", "does not load"),
    ],
)
def test_odd_files_beside_an_encoder_are_told_as_its_own(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    folder = save_encoder(tmp_path / "e")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    with pytest.raises(ModelUnusable, match=reason) as error:
        own(encoder={"folder": folder})
    assert str(error.value).startswith("encoder.folder")


def test_a_hub_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"encoder\.hub"):
        own(encoder={"hub": "a/b/c", "revision": "main", "pooling": "mean"})


def test_labels_that_do_not_count_from_0_are_told(tmp_path: Path) -> None:
    folder = save_classifier(tmp_path / "c", ["no", "yes"])
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": {"1": "no", "2": "yes"}, "label2id": {"no": 1, "yes": 2}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelUnusable, match=r"claim\.folder"):
        own(claim={"folder": folder, "labels": {"yes": "claim"}, "threshold": 0.5})

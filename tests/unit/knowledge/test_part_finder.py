"""Which group of an article a question fits: learned for each article by itself, saved and loaded."""

import numpy as np
import pytest

from knowledge.chunker import Passage
from knowledge.errors import IndexOutOfDate
from knowledge.part_finder import PartFinder
from knowledge.part_training import train_parts
from tests.fakes import FakeEncoder

GROUPS = {
    "bus": [
        ["who pays for the bus", "is the bus free", "cost of the bus"],
        [
            "how long is the bus ride",
            "how long may it take",
            "long ride",
            "how many minutes long",
            "is a ride too long",
        ],
    ],
    "plan": [["who writes the plan"], ["who pays for the plan", "cost of the plan"]],
    "word": [["what is a word", "word"]],
}


def passages():
    return [
        Passage(article, "question", ask, group=number)
        for article, groups in GROUPS.items()
        for number, asks in enumerate(groups)
        for ask in asks
    ]


def vector(text):
    return FakeEncoder().encode([text])[0]


@pytest.fixture(scope="module")
def finder():
    found = [*passages(), Passage("bus", "title", "The bus")]
    return train_parts(found, FakeEncoder().encode([passage.text for passage in found]))


@pytest.mark.parametrize(
    ("article", "text", "group"),
    [
        ("bus", "what is the cost", 0),
        ("bus", "how long", 1),
        ("plan", "who writes it", 0),
        ("plan", "is there a cost", 1),
    ],
)
def test_the_group_that_asks_for_the_same_fits_best(finder, article, text, group):
    scores = finder.scores(article, vector(text))
    assert max(scores, key=scores.__getitem__) == group
    assert sum(scores.values()) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("article", ["word", "unheard-of"])
def test_nothing_is_said_of_an_article_that_has_no_groups_to_choose_from(finder, article):
    assert finder.scores(article, vector("what")) == {}


def test_many_wordings_do_not_make_a_group_likelier(finder):
    scores = finder.scores("bus", np.zeros_like(vector("bus")))
    assert scores[0] == pytest.approx(scores[1], abs=0.1)


def test_it_comes_back_as_saved(finder, tmp_path):
    finder.save(tmp_path / "parts.npz")
    asked = ("bus", vector("how long"))
    assert PartFinder.load(tmp_path / "parts.npz").scores(*asked) == pytest.approx(finder.scores(*asked), abs=1e-3)


@pytest.mark.parametrize("harm", ["missing", "empty", "text", "array", "short", "nameless"])
def test_a_file_that_cannot_be_used_is_refused_with_the_remedy(finder, tmp_path, harm):
    path = tmp_path / "parts.npz"
    finder.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    if harm == "missing":
        path.unlink()
    elif harm in ("empty", "text"):
        path.write_bytes(b"" if harm == "empty" else b"nothing of the kind")
    elif harm == "array":
        np.save(path.with_suffix(".npy"), arrays["intercepts"])
        path.with_suffix(".npy").replace(path)
    else:
        arrays.pop("groups") if harm == "nameless" else arrays.update(intercepts=arrays["intercepts"][:-1])
        np.savez(path, **arrays)
    with pytest.raises(IndexOutOfDate, match="run 'send-assistant build'"):
        PartFinder.load(path)

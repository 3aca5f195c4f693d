"""Wordings of two articles that would be confused, and the pairs that are meant to be near each other."""

import itertools
import random
import time

import pytest
from rapidfuzz import fuzz

from knowledge.check import check_content
from knowledge.check.similarity import ALIKE, check_similarity
from knowledge.loader import ROOT, load_articles
from knowledge.model import QuestionGroup
from nlu.text import text_speak
from tests import samples

MORE = " and who could we talk to about it at school this week"
LONG = "how do I ask the school for more help with reading"


def found(one, other, **changes):
    articles = {
        "a": samples.simple("a", "First", one, acronyms=("MLD", "SLD"), path="a.md"),
        "b": samples.simple("b", "Second", other, path="b.md", **changes),
    }
    return list(check_similarity(articles))


@pytest.mark.parametrize(
    "other",
    [
        "how do I ask the school for more help with readin",
        "How do I ask the school for more help with reading???",
        "with reading: how do I ask the school for more help",
        "how do we ask the school for more help with reading",
    ],
)
def test_wordings_that_would_be_confused_are_warnings(other):
    [problem] = found(LONG, other)
    assert (problem.rule, problem.level, problem.path) == ("alike", "warning", "a.md")
    assert LONG in problem.message
    assert f"'{other}' of b" in problem.message


@pytest.mark.parametrize(
    "other",
    ["how do I ask the school for a place", "when do we ask the council for more help with eating", "reading"],
)
def test_wordings_that_differ_in_a_word_that_counts_are_not(other):
    assert found(LONG, other) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("what does ambition 1 mean for teachers and schools", "what does ambition 2 mean for teachers and schools"),
        ("tell me about priority four of the strategy", "tell me about priority five of the strategy"),
        ("which school is right for a child with mld please", "which school is right for a child with sld please"),
        ("the school says they can help my daughter to read", "the school says they can't help my daughter to read"),
        ("we were told that our appeal is going ahead today", "we were told that our appeal is not going ahead today"),
    ],
)
def test_a_number_a_short_form_or_a_not_is_difference_enough(one, other):
    one, other = f"{one}{MORE}", f"{other}{MORE}"
    assert fuzz.token_sort_ratio(one, other) >= ALIKE
    assert found(one, other) == []


def test_without_that_word_being_special_the_same_pair_is_found():
    one, other = (f"which school is right for a child with {word} please{MORE}" for word in ("mod", "mid"))
    assert len(found(one, other)) == 1


def test_an_article_and_its_part_may_be_near_each_other():
    assert found(LONG, f"{LONG}s", part_of="a") == []
    assert len(found(LONG, f"{LONG}s", part_of="c")) == 1


def test_wordings_of_one_article_may_be_alike():
    group = QuestionGroup((LONG, f"{LONG}s"))
    assert list(check_similarity({"a": samples.article("a", questions=(group,))})) == []


def test_the_line_is_the_one_of_the_wording(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(f"---\nask:\n  - {LONG}\n", encoding="utf-8")
    articles = {
        "a": samples.simple("a", "First", LONG, path=str(path)),
        "b": samples.simple("b", "Second", f"{LONG}s", path="b.md"),
    }
    assert [problem.line for problem in check_similarity(articles)] == [3]


def test_no_pair_is_missed_by_looking_at_rare_words_only():
    made_up = (f"{a}{b}{c}" for a, b, c in itertools.product("bdmt", "aeiou", "lnrs"))
    words = [word for word in made_up if word not in text_speak()]
    chance = random.Random(7)
    lines = [" ".join(chance.sample(words, 8)) for _ in range(60)]
    spoilt = [line[: (cut := chance.randrange(1, len(line)))] + line[cut + 1 :] for line in lines]
    articles = {f"a{n}": samples.simple(f"a{n}", f"Title {n}", line) for n, line in enumerate([*lines, *spoilt])}
    pairs = {frozenset((n, n + 60)) for n in range(60) if fuzz.token_sort_ratio(lines[n], spoilt[n]) >= ALIKE}
    reported = {
        frozenset(n for n, line in enumerate([*lines, *spoilt]) if f"'{line}'" in problem.message)
        for problem in check_similarity(articles)
    }
    assert len(pairs) >= 30
    assert pairs <= reported


def test_ten_thousand_wordings_take_seconds():
    own = [text for article in load_articles().values() for group in article.questions for text in group.ask]
    texts = [f"{text} {n % 7}" for n, text in enumerate(itertools.islice(itertools.cycle(own), 10_000))]
    articles = {f"a{n}": samples.simple(f"a{n}", "Title", *texts[n * 25 : n * 25 + 25]) for n in range(400)}
    started = time.process_time()
    list(check_similarity(articles))
    assert time.process_time() - started < 15


def test_our_own_articles_have_no_such_pair():
    assert [str(p) for p in check_similarity(load_articles())] == []


def test_it_is_part_of_the_check_of_the_content(tmp_path):
    for folder in ("articles", "services", "schema"):
        (tmp_path / folder).mkdir()
    (tmp_path / "schema" / "inventory.yml").write_text("glossary: [ehcp]\n", encoding="utf-8")
    (tmp_path / "contacts.yml").write_text((ROOT / "contacts.yml").read_text(encoding="utf-8"), encoding="utf-8")
    good = (ROOT / "articles" / "glossary" / "ehcp.md").read_text(encoding="utf-8")
    (tmp_path / "articles" / "ehcp.md").write_text(good, encoding="utf-8")
    wording = max((text for group in load_articles()["ehcp"].questions for text in group.ask), key=len)
    twin = good.replace("id: ehcp\n", "id: twin\n").replace(wording, f"{wording}s")
    (tmp_path / "articles" / "twin.md").write_text(twin, encoding="utf-8")
    alike = [p for p in check_content(today=samples.TODAY, root=tmp_path) if p.rule == "alike"]
    assert any(f"{wording}s" in problem.message for problem in alike)

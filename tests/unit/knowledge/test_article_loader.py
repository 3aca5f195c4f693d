"""Article files: one good one, and one bad one for every rule of the schema."""

import datetime as dt
from typing import Any

import pytest
import yaml

from knowledge.errors import ContentError
from knowledge.loader import ROOT, load_article, load_articles

BODY = "\n## Standard\n\nA plan helps.\n\n## Details\n\n### More\n\nText.\n\n## Easy\n\nIt helps.\n"
SOURCE = {"key": "law", "title": "The Act", "kind": "law", "checked": dt.date(2026, 11, 23), "certainty": "law"}
GOOD: dict[str, Any] = {
    "id": "sample-plan",
    "title": "A plan",
    "topic": "glossary",
    "language": "en",
    "answer_status": "answered",
    "aliases": ["the plan"],
    "acronyms": ["EHCP"],
    "questions": [{"ask": ["what is a plan"], "lead": "It helps.", "easy": "Help.", "first": "More"}],
    "audience": ["family"],
    "for_audience": {"professional": "Write it well."},
    "facts": [{"fact": "A plan helps", "source": "law"}],
    "contacts": ["sendias"],
    "services": ["play-club"],
    "sources": [{**SOURCE, "section": "section 1", "url": "https://example.org/act", "dated": "2014"}],
    "owner": "someone",
    "reviewed": dt.date(2026, 11, 23),
    "review_in_days": 180,
    "valid_until": dt.date(2027, 1, 1),
    "part_of": "other",
    "related": ["other"],
    "next_steps": ["Ask the school first."],
    "status": "published",
}
REQUIRED = (
    *("id", "title", "topic", "language", "questions", "audience", "facts", "sources", "owner", "reviewed"),
    *("review_in_days", "status", "related"),
)


def group(**changes):
    return {"questions": [{"ask": ["what is a plan"], **changes}]}


def source(**changes):
    return {"sources": [{**SOURCE, **changes}]}


BAD = {
    "an unknown key": {"colour": "red"},
    "a capital in the id": {"id": "Sample-plan"},
    "too long an id": {"id": "a" * 61},
    "a title of two letters": {"title": "Ab"},
    "too long a title": {"title": "a" * 91},
    "a topic with a hyphen": {"topic": "two-words"},
    "another language": {"language": "fr"},
    "an unknown answer status": {"answer_status": "maybe"},
    "an alias twice": {"aliases": ["the plan", "the plan"]},
    "an alias of one letter": {"aliases": ["x"]},
    "an acronym with a space": {"acronyms": ["E H"]},
    "no questions": {"questions": []},
    "a question group without wordings": {"questions": [{"lead": "It helps."}]},
    "an empty list of wordings": group(ask=[]),
    "a wording twice": group(ask=["what", "what"]),
    "a wording of one letter": group(ask=["x"]),
    "too long a wording": group(ask=["a" * 221]),
    "too long a lead": group(lead="a" * 401),
    "too long an easy lead": group(easy="a" * 241),
    "an unknown key in a group": group(colour="red"),
    "no audience": {"audience": []},
    "an unknown audience": {"audience": ["cat"]},
    "a text for an unknown audience": {"for_audience": {"cat": "Miaow."}},
    "a fact without its source": {"facts": [{"fact": "A plan helps"}]},
    "a fact of two letters": {"facts": [{"fact": "ab", "source": "law"}]},
    "a source key with a space": {"facts": [{"fact": "A plan helps", "source": "the law"}]},
    "a contact key with a hyphen": {"contacts": ["send-ias"]},
    "a service twice": {"services": ["play-club", "play-club"]},
    "no sources": {"sources": []},
    "a source without title": {"sources": [{k: v for k, v in SOURCE.items() if k != "title"}]},
    "an address without https": source(url="http://example.org"),
    "an address that is none": source(url="https://exa mple"),
    "an unknown kind of source": source(kind="rumour"),
    "a day that does not exist": source(checked="2026-02-30"),
    "an unknown certainty": source(certainty="hoped"),
    "an unknown key in a source": source(colour="red"),
    "an owner of two letters": {"owner": "me"},
    "a review day in words": {"reviewed": "soon"},
    "a review within a week": {"review_in_days": 6},
    "a review after two years": {"review_in_days": 731},
    "a review in words": {"review_in_days": "90"},
    "an end in words": {"valid_until": "next year"},
    "a related id with a space": {"related": ["the other"]},
    "five next steps": {"next_steps": [f"Do step number {n}." for n in range(5)]},
    "a next step of four letters": {"next_steps": ["Stop"]},
    "an unknown status": {"status": "secret"},
}


def write(folder, meta, body=BODY):
    path = folder / f"{meta.get('id', 'sample-plan')}.md"
    path.write_text(f"---\n{yaml.safe_dump(meta)}---\n{body}", encoding="utf-8")
    return path


def test_a_good_file_becomes_an_article(tmp_path):
    found = load_article(write(tmp_path, GOOD))
    assert (found.id, found.title, found.reviewed) == ("sample-plan", "A plan", dt.date(2026, 11, 23))
    assert found.questions[0].ask == ("what is a plan",)
    assert found.sources[0].url == "https://example.org/act"
    assert found.standard == ({"type": "paragraph", "text": "A plan helps."},)
    assert [section.heading for section in found.details] == ["More"]
    assert found.facts == (("A plan helps", "law"),)
    assert found.valid_until == dt.date(2027, 1, 1)
    assert found.path.endswith("sample-plan.md")


def test_the_least_that_a_file_needs(tmp_path):
    least = {key: GOOD[key] for key in REQUIRED} | {"sources": [SOURCE]}
    found = load_article(write(tmp_path, least, "## Standard\n\nA.\n\n## Easy\n\nB.\n"))
    assert (found.answer_status, found.aliases, found.details, found.valid_until) == ("answered", (), (), None)


@pytest.mark.parametrize("rule", BAD)
def test_a_file_that_breaks_one_rule_is_refused_by_name(tmp_path, rule):
    path = write(tmp_path, GOOD | BAD[rule])
    [key] = BAD[rule]
    with pytest.raises(ContentError, match=rf"^{path.name}: (?:top: .*'{key}'|{key})"):
        load_article(path)


@pytest.mark.parametrize("key", REQUIRED)
def test_a_file_without_a_required_key_is_refused(tmp_path, key):
    with pytest.raises(ContentError, match=f"'{key}' is a required property"):
        load_article(write(tmp_path, {name: value for name, value in GOOD.items() if name != key}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no frontmatter", "must begin with a frontmatter"),
        ("text\n---\na: 1\n---\n", "must begin with a frontmatter"),
        ("---\n- a\n---\n", "not a mapping"),
        ("---\na: [\n---\n", "sample-plan.md"),
        ('---\na: "b\n---\n', "sample-plan.md"),
        ("", "must begin with a frontmatter"),
    ],
)
def test_a_file_without_a_sound_frontmatter_is_refused(tmp_path, text, why):
    path = tmp_path / "sample-plan.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=why):
        load_article(path)


def test_the_id_must_be_the_file_name(tmp_path):
    path = write(tmp_path, GOOD).rename(tmp_path / "another.md")
    with pytest.raises(ContentError, match="must equal the file name"):
        load_article(path)


def test_a_folder_gives_published_articles_only(tmp_path):
    for name, status in (("one", "published"), ("two", "draft"), ("three", "withdrawn")):
        write(tmp_path, GOOD | {"id": name, "status": status})
    assert list(load_articles(tmp_path)) == ["one"]


def test_an_id_twice_is_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, GOOD)
    with pytest.raises(ContentError, match="is taken by"):
        load_articles(tmp_path)


def test_dates_tell_when_an_article_runs_out(tmp_path):
    found = load_article(write(tmp_path, GOOD))
    assert not found.expired(dt.date(2027, 1, 1))
    assert found.expired(dt.date(2027, 1, 2))
    assert found.review_due() == dt.date(2027, 5, 22)


def test_each_article_lies_in_the_folder_of_its_topic():
    topics = yaml.safe_load((ROOT / "schema" / "topics.yml").read_text(encoding="utf-8"))
    lost = [a.id for a in load_articles().values() if a.topic not in topics or f"/{a.topic}/" not in a.path]
    assert lost == []

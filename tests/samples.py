"""A tiny library of made-up articles and the whole answering pipeline over it, without a model."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from pathlib import Path
from typing import Any

from knowledge.answering.answering import Answering
from knowledge.answering.library import Library
from knowledge.calibration import EVIDENCE, Calibrator, Odds
from knowledge.index import KnowledgeIndex
from knowledge.loader import ROOT, read_yaml
from knowledge.model import Article, Contact, QuestionGroup, Section, Source
from knowledge.ranker import Ranker
from knowledge.retriever import Retriever
from nlu.text import words
from tests.fakes import FakeEncoder, ListSpeller

TODAY = dt.date(2026, 11, 23)
LAW = Source("law", "Children and Families Act 2014", "law", TODAY, "law", "section 42", "https://example.org/42")
COUNCIL = Source("council", "Council page", "council", TODAY, "seen", url="https://example.org/page", dated="2022")


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


def article(article_id: str = "plan", **changes: Any) -> Article:
    """A sound article of the glossary."""
    plan = Article(
        id=article_id,
        title="EHC plan",
        topic="glossary",
        questions=(
            QuestionGroup(("what is an EHC plan", "plan meaning")),
            QuestionGroup(("how long does a plan last",), "A plan lasts to 25.", "To 25.", "How long it lasts"),
            QuestionGroup(("who writes the plan", "author of a plan", "who makes it"), "The council writes it."),
        ),
        audience=("family",),
        sources=(COUNCIL, LAW),
        standard=(paragraph("An EHC plan is a legal paper. It says what help must be given."),),
        details=(
            Section("How long it lasts", (paragraph("It lasts while it is needed, to the age of 25 at most."),)),
            Section("Who can ask", ({"type": "list", "items": ["a parent", "a school"]},)),
        ),
        easy=(paragraph("A plan says what help you get."),),
        owner="someone",
        reviewed=TODAY,
        review_in_days=90,
        status="published",
        aliases=("education, health and care plan",),
        acronyms=("EHCP",),
        facts=(("A plan lasts to 25", "council"),),
        contacts=("sendias",),
        related=("transport", "sendias-contact"),
    )
    return dataclasses.replace(plan, **changes)


def simple(article_id: str, title: str, *asked: str, **changes: Any) -> Article:
    """An article with little in it."""
    text = (paragraph(f"{title} explained in full."),)
    plain = {"standard": text, "easy": (paragraph(f"{title} in short."),), "details": (), "aliases": (), "acronyms": ()}
    groups = (QuestionGroup(asked or (title.lower(),)),)
    fields = {"topic": "contact", "related": (), "sources": (COUNCIL,), "questions": groups} | plain | changes
    return article(article_id, title=title, **fields)


def articles() -> dict[str, Article]:
    """The articles of the tiny library."""
    found = (
        article(),
        simple("transport", "School transport", "free bus to school", "taxi for my son", valid_until=TODAY),
        simple(
            "ambition-5",
            "Ambition 5",
            "what is ambition five",
            topic="strategy",
            aliases=("fifth ambition",),
            for_audience={"professional": "Teachers will be trained."},
            part_of="ambitions-list",
        ),
        simple("ambitions-list", "The five ambitions", "list the ambitions", topic="strategy"),
        simple("sendias-contact", "How to reach SENDIAS", "phone number of sendias"),
        simple("sendias-handoff", "Talking to a person at SENDIAS", "speak to someone"),
        simple("about-sources", "Where the answers come from", "your sources", topic="limits"),
    )
    return {one.id: one for one in found}


def contacts() -> dict[str, Contact]:
    """Two contacts: one with nothing confirmed, one complete."""
    return {
        "sendias": Contact("sendias", "Medway SENDIAS", "Free advice", wanted=("phone", "email"), source=COUNCIL),
        "local_offer": Contact("local_offer", "Local Offer", "Website", url="https://example.org/o", source=COUNCIL),
    }


def library(*, today: dt.date = TODAY, root: Path = ROOT) -> Library:
    """The tiny library with the real framing sentences."""
    phrases = read_yaml((root / "phrases.yml").read_text(encoding="utf-8"))
    club = {
        "name": "Play Club",
        "description": "A club.",
        "minimum_age": 5,
        "maximum_age": 11,
        "contact": "local_offer",
    }
    return Library(articles(), contacts(), {"play-club": club}, phrases, lambda: today)


def calibrator(**weights: float) -> Calibrator:
    """A calibrator by which an article answers if its words cover most of the question."""
    given = weights or {"coverage": 10.0}
    odds = Odds(tuple(given.get(name, 0.0) for name in EVIDENCE), -5.0)
    return Calibrator(odds, odds, 0.6, 0.3)


@functools.cache
def index() -> KnowledgeIndex:
    """The index of the tiny library; nothing changes an index once it is built."""
    return KnowledgeIndex.build(articles().values(), FakeEncoder())


def retriever(slips: dict[str, str] | None = None) -> Retriever:
    """A retriever over the tiny library."""
    known = [word for passage in index().passages for word in words(passage.text)]
    return Retriever(index(), encoder=FakeEncoder(), speller=ListSpeller(known, slips), ranker=Ranker.even())


def answering(*, today: dt.date = TODAY, slips: dict[str, str] | None = None) -> Answering:
    """The answering pipeline over the tiny library."""
    grades = {"plan": {"standard": 7.5, "easy": 4.0}}
    return Answering(library(today=today), retriever(slips), calibrator(), grades)

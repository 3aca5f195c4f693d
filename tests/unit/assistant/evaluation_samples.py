"""A few golden questions over the tiny library, and the parts of a build of it."""

from assistant.evaluation.cases import Case
from assistant.evaluation.offline import Parts
from knowledge.index import KnowledgeIndex
from knowledge.ranker import Ranker
from nlu.text import words
from tests import samples
from tests.fakes import FakeEncoder, ListSpeller


def case(text, *expected, kind="glossary", turns=()):
    return Case(text, kind, turns or (text,), expected)


def tiny_parts() -> Parts:
    """The tiny library with a limit of the assistant among its articles."""
    found = samples.articles()
    found["limit"] = samples.simple("limit", "Council tax", "council tax bill", answer_status="declined_out_of_scope")
    index = KnowledgeIndex.build(found.values(), FakeEncoder())
    known = [word for passage in index.passages for word in words(passage.text)]
    speller = ListSpeller(known, {"buss": "bus"})
    return Parts(index, FakeEncoder(), speller, Ranker.even(), samples.calibrator(), found)


ASKED = [
    case("who writes the plan", "plan"),
    case("free bus to school", "transport"),
    case("what is ambition 5", "ambitions-list"),
    case("zzz qqq", "plan"),
    case("council tax bill", "limit", kind="out_of_scope"),
    case("weather tomorrow", kind="out_of_scope"),
    case("list the ambitions", kind="out_of_scope"),
]

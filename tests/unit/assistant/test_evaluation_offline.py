"""Retrieval measured without a service: what is found, how it is summed up, what each part adds, the stock bot."""

import dataclasses
import re

import numpy as np
import pytest

from assistant.benchmark import peer
from assistant.evaluation import ablation, ablation_page, offline, report
from assistant.evaluation.peer_rows import judged
from assistant.evaluation.summary import summarise
from knowledge.errors import IndexOutOfDate
from knowledge.features import FEATURES
from knowledge.ranker import Ranker
from tests import samples
from tests.fakes import FakeEncoder
from tests.unit.assistant.evaluation_samples import ASKED, case, tiny_parts


@pytest.fixture(scope="module")
def parts():
    return tiny_parts()


def test_a_part_of_an_expected_article_is_right_too(parts):
    found = offline.look_up(parts, ASKED)[2]
    assert found.ids[0] == "ambition-5"
    assert (found.rank, found.expected) == (1, ("ambitions-list", "ambition-5"))


def test_dialogues_and_safeguarding_are_left_to_the_service(parts):
    others = [case("a", "plan", turns=("a", "b")), case("a", kind="safeguarding")]
    assert offline.single_questions([*others, ASKED[0]]) == [ASKED[0]]
    assert len(offline.look_up(parts, [*others, ASKED[0]])) == 1


def test_the_probability_is_that_of_the_served_pipeline(parts):
    retriever = parts.retriever()
    for row in offline.look_up(parts, ASKED):
        assert row.probability == parts.calibrator.probability(retriever.search(row.case.turns[0]))


def test_the_summary_keeps_inside_and_outside_apart(parts):
    found = summarise(offline.look_up(parts, ASKED), parts)
    assert (found.inside, found.outside) == (4, 3)
    assert found.recall_at_1 == 0.75
    # "zzz qqq" is not answered; of the three answers none is wrong.
    assert (found.answered, found.wrong_answers) == (0.75, 0.0)
    # The limit's own article and the weather are refused, the ambitions are answered.
    assert found.declined == pytest.approx(2 / 3)


def test_a_wrong_answer_is_counted_among_the_answers(parts):
    found = summarise(offline.look_up(parts, [case("who writes the plan", "transport"), ASKED[1]]), parts)
    assert (found.recall_at_1, found.answered, found.wrong_answers) == (0.5, 1.0, 0.5)


def test_a_build_that_is_not_whole_is_refused(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "SentenceEncoder", lambda folder: FakeEncoder())
    with pytest.raises(IndexOutOfDate, match="send-assistant build"):
        offline.load(tmp_path)
    (tmp_path / "serving.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexOutOfDate, match=r"serving\.json"):
        offline._vocabulary(tmp_path / "serving.json")


def rows_of(parts, cases):
    return ablation.ablation(parts, offline.look_up(parts, cases))


def test_the_rows_add_one_part_after_the_other(parts):
    rows = {row.name: row.figures for row in rows_of(parts, ASKED)}
    assert [name for name in rows if name != "ranker_alone"] == [
        *("bm25", "dense", "hybrid", "spelling"),
        *("ranker", "calibration"),
    ]
    assert rows["calibration"] == summarise(offline.look_up(parts, ASKED), parts)
    # Nothing but calibration can leave a question unanswered.
    assert [figures.answered for figures in rows.values()] == [1.0] * (len(rows) - 1) + [0.75]
    assert rows["ranker"].declined < rows["calibration"].declined


def test_spelling_helps_a_misspelt_question_in_its_row_alone(parts):
    rows = {row.name: row.figures for row in rows_of(parts, [case("buss", "transport")])}
    assert rows["bm25"].recall_at_1 == 0.0
    assert rows["spelling"].recall_at_1 == 1.0


def test_the_learned_order_is_used_in_its_row(parts):
    against = dataclasses.replace(parts, ranker=Ranker(tuple(-weight for weight in Ranker.even().weights)))
    rows = {row.name: row.figures for row in rows_of(against, ASKED[:2])}
    assert rows["spelling"].recall_at_1 == 1.0
    assert rows["ranker"].recall_at_1 == 0.0


def test_one_signal_can_be_left_out_of_the_learned_order(parts):
    names = [
        name for name, weight in zip(FEATURES, ablation.without(Ranker.even(), "words").weights, strict=True) if weight
    ]
    assert names == [name for name in FEATURES if name != "words"]


def test_each_order_reads_its_own_columns():
    table = np.zeros((2, len(FEATURES)), np.float32)
    table[0, FEATURES.index("words")], table[1, FEATURES.index("text_similarity")] = 0.9, 0.8
    assert ablation.words_alone(table).tolist() == pytest.approx([0.9, 0.0])
    assert ablation.meaning_alone(table).tolist() == pytest.approx([0.0, 0.8])
    assert ablation.words_and_meaning(table).tolist() == pytest.approx([0.9, 0.8])


def test_a_question_without_words_finds_nothing(parts):
    rows = {row.name: row.figures for row in rows_of(parts, [case("???", kind="out_of_scope")])}
    assert all(figures.declined == 1.0 for figures in rows.values())


@pytest.mark.parametrize(("manifest", "fitted"), [({}, False), ({"adapter": "abc"}, True), ({"adapter": None}, False)])
def test_the_manifest_tells_whether_the_encoder_was_fitted(manifest, fitted):
    assert ablation.fine_tuned(manifest) is fitted


def test_the_stock_bot_is_judged_on_all_and_on_what_it_covers(parts):
    found = dataclasses.replace(parts, articles=parts.articles | {"ehcp": samples.simple("ehcp", "EHCP")})
    cases = [
        case("what is an ehcp", "ehcp"),
        case("meaning of ehcp", "ehcp"),
        case("free bus to school", "transport"),
        case("weather", kind="out_of_scope"),
    ]
    keys = {"what is an ehcp": "faq/ehcp", "meaning of ehcp": "faq/asd", "free bus to school": "faq/send"}
    everything, covered, ours = judged(keys.get, found, cases)
    assert (everything.name, covered.name, ours.name) == ("peer", "peer_covered", "covered")
    assert (everything.figures.inside, everything.figures.outside) == (3, 1)
    assert everything.figures.recall_at_1 == pytest.approx(1 / 3)
    assert everything.figures.wrong_answers == pytest.approx(2 / 3)
    assert everything.figures.declined == 1.0
    assert (covered.figures.inside, covered.figures.recall_at_1) == (2, 0.5)
    assert ours.figures.inside == 2


def parsed(intent, key=None):
    response = {"intent_response_key": key}
    return {"intent": {"name": intent}, "response_selector": {"default": {"response": response}}}


def test_small_talk_and_the_fallback_of_the_stock_bot_are_no_answer():
    assert peer.answer_key(parsed("faq", "faq/ehcp")) == "faq/ehcp"
    assert peer.answer_key(parsed("greet", "faq/ehcp")) is None
    assert peer.answer_key(parsed("nlu_fallback", "faq/ehcp")) is None
    assert peer.answer_key({"intent": {"name": "faq"}}) is None


def test_each_answer_of_the_stock_bot_corresponds_to_articles_that_exist():
    from knowledge.loader import load_articles

    known = set(load_articles())
    assert len(peer.articles()) == 62
    assert {key for keys in peer.articles().values() for key in keys} <= known


def test_the_page_names_its_command_and_every_row(parts):
    rows = [*rows_of(parts, ASKED), ablation.Row("plain_encoder", summarise([], parts))]
    rows += judged(lambda text: None, parts, ASKED)
    found = report.retrieved(offline.look_up(parts, ASKED), parts)
    text = ablation_page.markdown(rows, found, [], command="send-assistant evaluate --ablation x", fitted=False)
    assert "send-assistant evaluate --ablation x\n" in text
    tables = [part.splitlines() for part in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]
    assert [len(table) for table in tables] == [2 + len(rows), 2 + 10]
    assert all(len({line.count("|") for line in table}) == 1 for table in tables)
    assert "| BM25 over words, as typed | 4 |" in text
    assert "The stock bot is the one" in text
    assert "Through the chat API" not in text
    assert "MiniLM as published, not fitted" in text

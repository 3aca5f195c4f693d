"""Short forms with several meanings: asked back alone, told apart by what stands beside them."""

import pytest

from knowledge.answering.short_forms import ShortForms
from tests import samples

TABLE = {
    "several": {
        "XP": [
            {"article": "plan", "means": "extra plan: a paper", "hints": ["paper", "council"]},
            {"article": "ambition-5", "means": "expert person: someone who helps", "hints": ["visit", "teacher"]},
            {"article": "gone", "means": "what no article explains"},
        ],
        "YZ": [{"article": "plan", "means": "a plan"}],
    },
    "framing": ["stand", "short", "form"],
}
FORMS = ShortForms(TABLE, samples.articles())


@pytest.mark.parametrize("text", ["XP", "xp?", "what does XP stand for", "what is an XP please"])
def test_alone_it_has_all_meanings_that_have_an_article(text):
    short, meanings = FORMS.asked(text)
    assert (short, [meaning.article_id for meaning in meanings]) == ("XP", ["plan", "ambition-5"])


@pytest.mark.parametrize("text", ["", "the XP of the council", "YZ", "plan", "XP YZ bus"])
def test_with_other_words_or_one_meaning_nothing_is_asked(text):
    assert FORMS.asked(text) is None


def test_words_beside_it_tell_which_is_meant():
    assert FORMS.spell_out("an XP visit, please") == "an XP (expert person) visit, please"
    assert FORMS.spell_out("an XP on paper") == "an XP (extra plan) on paper"


@pytest.mark.parametrize("text", ["an XP for lunch", "the council XP visit", "no short form here"])
def test_without_a_clear_hint_the_text_stays(text):
    assert FORMS.spell_out(text) == text


@pytest.mark.parametrize(
    ("topics", "settled"),
    [([], None), (["about-sources"], None), (["ambitions-list"], "ambition-5"), (["transport", "ambition-5"], "plan")],
)
def test_the_latest_topic_near_one_meaning_settles_it(topics, settled):
    _, meanings = FORMS.asked("XP")
    assert FORMS.settled(meanings, topics) == settled

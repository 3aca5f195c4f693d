"""Yes, no and "the first one": following a choice that was offered."""

import pytest

from actions.accept_offer import ActionAcceptOffer
from actions.choose_option import ActionChooseOption
from actions.decline_offer import ActionDeclineOffer

MORE = {"intent": "tell_more", "entities": {"article": "plan", "option": "1"}}
EASY = {"intent": "explain_simply", "entities": {"article": "plan"}}
BUS = {"intent": "choose_option", "entities": {"article": "transport"}}
PERSON = {"intent": "talk_to_person", "entities": {}}
GONE = {"intent": "choose_option", "entities": {"article": "withdrawn"}}
OFFER = [MORE, EASY, BUS, PERSON]


@pytest.mark.parametrize(
    ("offer", "beginning"),
    [
        (MORE, "Who can ask"),
        (EASY, "A plan says what help you get."),
        (BUS, "School transport explained in full."),
        (PERSON, "Talking to a person at SENDIAS explained in full."),
        (GONE, "Talking to a person at SENDIAS explained in full."),
    ],
)
def test_yes_follows_the_first_choice(act, offer, beginning):
    assert act(ActionAcceptOffer, "yes", offer=[offer, PERSON]).text.startswith(beginning)


def test_yes_to_nothing_asks_what_is_meant(act, answering):
    for nothing in ([], None):
        said = act(ActionAcceptOffer, "yes", offer=nothing)
        assert (said.status, said.text) == ("clarify", answering.library.phrase("nothing_offered", "standard"))


def test_no_leaves_it_at_that(act, answering):
    said = act(ActionDeclineOffer, "no thanks", offer=OFFER, topic="plan")
    assert (said.status, said.text) == ("smalltalk", answering.library.phrase("declined_offer", "standard"))
    assert said.slots["offer"] == []


@pytest.mark.parametrize("kind", [ActionAcceptOffer, ActionDeclineOffer])
def test_a_yes_or_no_that_names_another_subject_is_a_question(act, kind):
    said = act(kind, "no, free bus to school", entities={"term": "transport"}, offer=OFFER, topic="plan")
    assert said.slots["topic"] == "transport"


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("the first one", "Who can ask"),
        ("2", "A plan says"),
        ("the third please", "School transport"),
        ("3rd", "School transport"),
        ("the last one", "Talking to a person"),
        ("top", "Who can ask"),
    ],
)
def test_a_choice_named_by_its_place_is_followed(act, text, beginning):
    assert act(ActionChooseOption, text, offer=OFFER).text.startswith(beginning)


@pytest.mark.parametrize("offer", [[], None, [PERSON]])
def test_a_place_that_there_is_not_makes_a_question(act, offer):
    said = act(ActionChooseOption, "the third bus to school", offer=offer)
    assert said.slots["topic"] == "transport"


def test_a_pressed_choice_shows_its_article(act):
    said = act(ActionChooseOption, "/choose_option", entities={"article": "plan"}, offer=[BUS])
    assert said.slots["topic"] == "plan"


def test_a_pressed_choice_of_an_article_that_is_gone_is_looked_up(act):
    said = act(ActionChooseOption, "School transport", entities={"article": "withdrawn"}, offer=[])
    assert said.slots["topic"] == "transport"

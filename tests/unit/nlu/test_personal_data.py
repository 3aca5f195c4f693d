"""What masking promises: seeded secrets never survive, masking twice is masking once, spans fit the text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.gb import nhs

from nlu.personal_data import KINDS, redact

settings.register_profile("personal_data", deadline=None)  # the first call reads the word lists
settings.load_profile("personal_data")
DIGITS = st.text("0123456789", min_size=9, max_size=9)
CARRIERS = st.sampled_from(
    ["call me about {} please", "{}", "my son needs help, {} is what I have", "is {} right? what is an EHCP", "a {}, b"]
)
WORDS = st.sampled_from(
    [
        "my son",
        "Jack Smith",
        "I'm",
        "Sarah",
        "his name is",
        "born",
        "12/03/2015",
        "at",
        "12 Maple Road",
        "ME4 4AA",
        "07700 900123",
        "[name]",
        "[",
        "]",
        "a@b.com",
        ",",
        ".",
        "called",
        "dob",
        "943 476 5919",
        "school",
        "[phone]",
        "'s",
        "is",
        "Mrs",
        "and",
        "AB123456C",
    ]
)


@given(DIGITS, CARRIERS)
def test_a_mobile_number_never_survives(digits: str, carrier: str) -> None:
    number = "07" + digits
    assert number not in redact(carrier.format(number)).text


@given(DIGITS, CARRIERS)
def test_a_valid_nhs_number_never_survives(digits: str, carrier: str) -> None:
    for check in "0123456789":
        if nhs.is_valid(digits + check):
            assert digits + check not in redact(carrier.format(digits + check)).text


@given(st.text("0123456789", min_size=14, max_size=14), CARRIERS)
def test_a_valid_card_number_never_survives(digits: str, carrier: str) -> None:
    number = "4" + digits + luhn.calc_check_digit("4" + digits)
    assert number not in redact(carrier.format(number)).text


@given(
    st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,8})?", fullmatch=True),
    st.sampled_from(["gmail.com", "school.kent.sch.uk"]),
    CARRIERS,
)
def test_an_email_address_never_survives(user: str, host: str, carrier: str) -> None:
    assert f"{user}@{host}" not in redact(carrier.format(f"{user}@{host}")).text


@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join)))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once
    assert redact(once).found == ()


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_what_was_found_lies_in_the_text_in_order(text: str) -> None:
    result = redact(text)
    assert all(item.kind in KINDS and 0 <= item.start < item.end <= len(text) for item in result.found)
    assert list(result.found) == sorted(result.found, key=lambda item: item.start)


def test_the_question_is_still_there() -> None:
    result = redact("I'm Sarah Hill, my son Jack (dob 12/03/2015) lives at 12 Maple Road, how do I appeal?")
    assert result.text.endswith("how do I appeal?")
    assert [item.kind for item in result.found] == ["name", "name", "date of birth", "address"]


def test_published_lines_stay() -> None:
    text = "ring 0800 1111, 116 123, 111 or 999, or text 85258; the council is on 01634 333333"
    assert redact(text).text == text

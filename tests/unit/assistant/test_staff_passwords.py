"""Passwords: what is refused, and that hashes are Argon2id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.review import passwords

EMAIL = "mary.jones@example.org"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "too_short"),
        ("elevenchars", "too_short"),
        ("x" * 201, "too_long"),
        (EMAIL, "like_email"),
        ("Mary.Jones@Example.org", "like_email"),
        ("MaryJones1234", "like_email"),
        ("aaaaaaaaaaaaaaaa", "too_simple"),
        ("abababababababab", "too_simple"),
        ("wxyz abcdefgh wxyz", "too_simple"),
        ("my 9876543210 is", "too_simple"),
        ("qwertyuiop12", "too_simple"),
        ("Password2024!!", "well_known"),
        ("P4ssw0rd!!!!!", "well_known"),
        ("passwordpassword", "well_known"),
        ("iloveyou123456", "well_known"),
        ("sunshine2023!", "well_known"),
        ("correcthorsebatterystaple", "well_known"),
        ("administrator", "well_known"),
        ("tiny purple kettle", None),
        ("Rz7-vq2_Lm9x", None),
        ("żółta łódź płynie", None),
    ],
)
def test_what_is_wrong_with_a_password(password, fault):
    assert passwords.fault(password, email=EMAIL) == fault


@pytest.mark.parametrize("key", ["too_short", "too_long", "like_email", "too_simple", "well_known"])
def test_every_fault_has_its_sentence(key):
    assert passwords.explained(key).endswith((".", "remember."))


def test_hashes_are_argon2id_and_salted():
    first, second = passwords.hashed("tiny purple kettle"), passwords.hashed("tiny purple kettle")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,")
    assert first != second
    assert passwords.matches("tiny purple kettle", first)
    assert not passwords.matches("tiny purple kettles", first)
    assert not passwords.is_dated(first)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    composed, decomposed = "caf\u00e9 au lait noir", "cafe\u0301 au lait noir"
    assert passwords.matches(decomposed, passwords.hashed(composed))


def test_without_a_hash_or_with_a_broken_one_nothing_matches():
    assert not passwords.matches("tiny purple kettle", None)
    assert not passwords.matches("a password that nobody has", None)
    assert not passwords.matches("tiny purple kettle", "$argon2id$broken")


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text):
    assert passwords.fault(text, email=EMAIL) in {
        None,
        "too_short",
        "too_long",
        "like_email",
        "too_simple",
        "well_known",
    }

"""Masking under any seed and in any company: no secret of any kind survives, whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.personal_data import KINDS, redact
from tests.samples_personal import Secret, secrets

SEEDS = st.integers(min_value=0, max_value=10**9)
AROUND = st.sampled_from(
    ["", "hello, ", "what is an EHCP? ", "HELP!! ", "he is 7 and ", "\n", "- ", "(urgent) ", "my email and phone: "]
)
AFTER = st.sampled_from(["", ".", "?!", ", what is a senco", " and thank you", "\nbye", " :)", "; also transport"])


@given(SEEDS, AROUND, AFTER)
@pytest.mark.parametrize("at", range(len(KINDS)))
def test_no_secret_of_any_kind_survives(at: int, seed: int, before: str, after: str) -> None:
    secret = secrets(seed)[at]
    result = redact(f"{before}{secret.words}{after}")
    assert secret.value not in result.text
    assert secret.kind in {found.kind for found in result.found}


@given(SEEDS, st.permutations(range(len(KINDS))), st.sampled_from([", ", ". ", " and ", "\n", "; "]))
def test_many_secrets_in_one_message_leave_none(seed: int, order: list[int], joint: str) -> None:
    all_of = secrets(seed)
    result = redact(joint.join(all_of[at].words for at in order))
    assert [secret.value for secret in all_of if secret.value in result.text] == []
    assert redact(result.text).text == result.text


def test_every_kind_has_a_sample() -> None:
    assert {secret.kind for secret in secrets(1)} == set(KINDS)
    assert secrets(1) == secrets(1)
    assert not {secret.value for secret in secrets(1)} & {secret.value for secret in secrets(2)}


def test_a_trace_is_seen_however_it_is_spaced() -> None:
    assert Secret("phone", "07700 900 123", "").traces() == ("07700 900 123", "07700900123")
    assert Secret("name", "Foley", "").traces() == ("foley",)

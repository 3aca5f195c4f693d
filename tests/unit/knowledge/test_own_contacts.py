"""Contacts that the operator sets while the service runs."""

import dataclasses
import datetime as dt
import os

import pytest

from knowledge.loader import load_contacts
from knowledge.own_contacts import LiveContacts, with_details, write

FILLED = {"phone": "01634 000 111", "email": "help@example.org", "hours": "Monday to Friday, 9am to 5pm"}


@pytest.fixture
def base():
    return load_contacts()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "contacts.override.yml"


def test_without_the_file_all_is_as_in_the_content(base, path):
    live = LiveContacts(base, path)
    assert dict(live) == base
    assert len(live) == len(base)


def test_a_change_shows_at_the_next_look_and_goes_when_the_file_goes(base, path):
    live = LiveContacts(base, path)
    assert live["sendias"].phone is None
    assert write(path, {"sendias": {**FILLED, "checked": "2026-11-20"}})
    assert live["sendias"].phone == FILLED["phone"]
    assert live["sendias"].source.checked == dt.date(2026, 11, 20)
    assert live["local_offer"] == base["local_offer"]
    assert write(path, {"sendias": {"phone": "01634 000 222"}})
    assert live["sendias"].phone == "01634 000 222"
    path.unlink()
    assert live["sendias"] == base["sendias"]


def test_the_file_is_written_only_when_it_would_say_something_else(path):
    assert not write(path, {})
    assert not path.exists()
    assert write(path, {"sendias": FILLED})
    before = os.stat(path).st_ino
    assert not write(path, {"sendias": FILLED})
    assert os.stat(path).st_ino == before
    assert write(path, {})
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_note_on_what_is_missing_goes_when_nothing_is_missing(base):
    assert "phone" in base["sendias"].note
    assert with_details(base, {"sendias": FILLED})["sendias"].note is None
    partly = with_details(base, {"sendias": {"phone": FILLED["phone"]}})["sendias"]
    assert partly.note == base["sendias"].note
    own = with_details(base, {"sendias": {**FILLED, "note": "Ring after ten."}})["sendias"]
    assert own.note == "Ring after ten."


def test_an_empty_field_hides_what_the_content_says(base):
    found = with_details(base, {"social_care": {"phone": None, "checked": "2026-11-20"}})["social_care"]
    assert found.phone is None
    assert dataclasses.replace(found, phone="x", source=None) == dataclasses.replace(
        base["social_care"], phone="x", source=None
    )


def test_keys_and_fields_of_another_version_are_passed_over(base):
    found = with_details(base, {"gone": {"phone": "1"}, "sendias": {"fax": "1", "phone": "01634 000 111"}})
    assert set(found) == set(base)
    assert found["sendias"].phone == "01634 000 111"


@pytest.mark.parametrize("damage", ["{", "- a list", "sendias: text", "sendias: {checked: soon}"])
def test_a_damaged_file_changes_nothing_and_is_told(base, path, caplog, damage):
    live = LiveContacts(base, path)
    write(path, {"sendias": FILLED})
    assert live["sendias"].phone == FILLED["phone"]
    path.write_text(damage, encoding="utf-8")
    assert live["sendias"].phone == FILLED["phone"]
    assert "own_contacts_unreadable" in caplog.text

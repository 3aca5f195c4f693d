"""Contacts: the operator's own file wins by field, mistakes in it are named, what is missing is listed."""

import pytest
import yaml

from knowledge.errors import ContentError
from knowledge.loader import load_contacts, missing_contact_details

SOURCE = {"title": "Page", "kind": "council", "checked": "2026-11-23"}
ROWS = {
    "other": {"name": "Other", "phone": None, "wanted": ["phone"], "source": SOURCE},
    "sendias": {"name": "SENDIAS", "url": "https://example.org", "wanted": ["phone", "email"], "source": SOURCE},
    "whole": {"name": "Whole", "phone": "01632 960001", "wanted": ["phone"], "source": SOURCE},
}


def write(path, rows):
    path.write_text(rows if isinstance(rows, str) else yaml.safe_dump(rows), encoding="utf-8")
    return path


@pytest.fixture
def base(tmp_path):
    return write(tmp_path / "contacts.yml", ROWS)


def test_a_field_without_a_source_stays_empty(base):
    found = load_contacts(base)["sendias"]
    assert (found.phone, found.email, found.url) == (None, None, "https://example.org")
    assert found.source.url == "https://example.org"


def test_what_is_missing_is_listed_with_sendias_first(base):
    assert missing_contact_details(load_contacts(base)) == ["sendias.email", "sendias.phone", "other.phone"]


def test_single_fields_of_the_operators_file_win(base, tmp_path):
    own = write(tmp_path / "own.yml", {"sendias": {"phone": "01632 960002"}})
    found = load_contacts(base, own)
    assert (found["sendias"].phone, found["sendias"].name) == ("01632 960002", "SENDIAS")
    assert missing_contact_details(found) == ["sendias.email", "other.phone"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({"sendia": {"phone": "1"}}, r"unknown contact 'sendia' \(known: other, sendias, whole\)"),
        ({"sendias": {"telephone": "1"}}, r"unknown field \['telephone'\] in contact 'sendias'"),
        ({"sendias": {"wanted": []}}, "unknown field"),
        ("- a list", "must be a mapping"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_mistake_in_the_operators_file_is_named(base, tmp_path, rows, why):
    own = write(tmp_path / "own.yml", rows)
    with pytest.raises(ContentError, match=why) as caught:
        load_contacts(base, own)
    assert "own.yml" in str(caught.value)


def test_an_operators_file_that_is_not_there_is_an_error(base, tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        load_contacts(base, tmp_path / "nowhere.yml")


def test_an_empty_operators_file_changes_nothing(base, tmp_path):
    assert load_contacts(base, write(tmp_path / "own.yml", "")) == load_contacts(base)


@pytest.mark.parametrize("entry", [None, "01632 960002", ["phone"]])
def test_an_entry_of_the_operators_file_that_is_no_mapping_is_named(base, tmp_path, entry):
    with pytest.raises(ContentError, match=r"own\.yml: contact 'sendias' must be a mapping"):
        load_contacts(base, write(tmp_path / "own.yml", {"sendias": entry}))


def test_the_real_contacts_can_be_read_and_guess_nothing_of_sendias():
    found = load_contacts()
    assert {"sendias", "local_offer"} <= set(found)
    assert all(contact.source is not None for contact in found.values())

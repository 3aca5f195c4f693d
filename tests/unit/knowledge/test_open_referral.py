from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from service_samples import GOOD, without

from knowledge.errors import ContentError
from knowledge.loader import load_contacts
from knowledge.model import Contact
from knowledge.open_referral import export
from knowledge.services import load_services, service_id

CLUB = Contact(key="sample_club", name="Sample club desk", phone="01632 960 001", email="club@example.org")
NEED = {"taxonomy": "need", "name": "hearing"}


def one(record: dict[str, Any], contact: Contact = CLUB) -> dict[str, Any]:
    found: dict[str, Any] = export({record["slug"]: record}, {contact.key: contact})["contents"][0]
    return found


def test_the_page_has_the_envelope_of_the_standard() -> None:
    page = export({"sample-club": GOOD}, {CLUB.key: CLUB})
    assert list(page) == [
        "total_items",
        "total_pages",
        "page_number",
        "size",
        "first_page",
        "last_page",
        "empty",
        "contents",
    ]
    assert (page["total_items"], page["size"], page["empty"]) == (1, 1, False)


def test_a_feed_without_records_is_an_empty_page() -> None:
    page = export({}, {})
    assert (page["total_items"], page["empty"], page["contents"]) == (0, True, [])


def test_our_own_fields_stay_here() -> None:
    assert {"slug", "contact", "certainty", "sources"}.isdisjoint(one(GOOD))


def test_the_simple_fields_are_carried_over() -> None:
    for field in ("id", "name", "status", "description", "url", "minimum_age", "maximum_age", "assured_date", "alert"):
        assert one(GOOD)[field] == GOOD[field]


def test_phone_and_e_mail_are_joined_in_from_the_contacts() -> None:
    found = one(GOOD)
    assert found["email"] == "club@example.org"
    assert [contact.get("title") or contact["name"] for contact in found["contacts"]] == [
        "Club leader",
        "Sample club desk",
    ]
    assert [(p["number"], p["type"]) for p in found["contacts"][1]["phones"]] == [("01632 960 001", "voice")]


def test_a_text_number_is_a_phone_of_its_own_kind() -> None:
    found = one(without("contacts"), Contact(key="sample_club", name="Desk", text_number="07700 900 001"))
    assert [(p["number"], p["type"]) for p in found["contacts"][0]["phones"]] == [("07700 900 001", "text")]


def test_an_unconfirmed_contact_adds_nothing() -> None:
    found = one(without("contacts"), Contact(key="sample_club", name="Desk", wanted=("phone",)))
    assert "contacts" not in found
    assert "email" not in found


def test_a_record_without_a_contact_needs_none() -> None:
    assert export({"sample-club": without("contact")}, {})["total_items"] == 1


def test_an_unknown_contact_stops_the_export() -> None:
    with pytest.raises(ContentError, match="sample-club: sample_club"):
        export({"sample-club": GOOD}, {})


def test_nested_objects_get_identifiers() -> None:
    found = one(GOOD)
    place = found["service_at_locations"][0]
    nested = [
        found["organization"],
        found["schedules"][0],
        found["service_areas"][0],
        place,
        place["location"],
        place["location"]["addresses"][0],
        *found["attributes"],
        *found["contacts"],
        found["contacts"][1]["phones"][0],
    ]
    ids = [str(uuid.UUID(row["id"])) for row in nested]
    assert len(set(ids)) == len(ids)


def test_two_services_of_one_organisation_share_its_identifier() -> None:
    other = {**GOOD, "slug": "other-club", "id": service_id("other-club")}
    first, second = export({"sample-club": GOOD, "other-club": other}, {CLUB.key: CLUB})["contents"]
    assert first["organization"]["id"] == second["organization"]["id"]
    assert first["schedules"][0]["id"] != second["schedules"][0]["id"]


def test_one_term_has_one_identifier_in_all_records() -> None:
    other = {**GOOD, "slug": "other-club", "id": service_id("other-club"), "attributes": [{"taxonomy_term": NEED}]}
    rows = export({"sample-club": GOOD, "other-club": other}, {CLUB.key: CLUB})["contents"]
    terms = [
        row["taxonomy_term"]["id"]
        for item in rows
        for row in item["attributes"]
        if row["taxonomy_term"]["name"] == "hearing"
    ]
    assert len(terms) == 2
    assert len(set(terms)) == 1


def test_the_export_does_not_depend_on_the_order_of_its_input() -> None:
    other = {**GOOD, "slug": "other-club", "id": service_id("other-club")}
    forth = export({"sample-club": GOOD, "other-club": other}, {CLUB.key: CLUB})
    back = export({"other-club": other, "sample-club": GOOD}, {CLUB.key: CLUB})
    assert json.dumps(forth) == json.dumps(back)


def test_the_export_leaves_the_records_unchanged() -> None:
    before = json.dumps(GOOD)
    one(GOOD)
    assert json.dumps(GOOD) == before


def test_the_real_records_make_a_feed() -> None:
    services = load_services()
    page = export(services, load_contacts())
    assert page["total_items"] == len(services)
    assert json.loads(json.dumps(page)) == page
    assert all({"id", "name", "status", "description", "assured_date"} <= set(row) for row in page["contents"])

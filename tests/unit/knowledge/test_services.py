from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from service_samples import GOOD, spoiled, without, write

from knowledge.errors import ContentError
from knowledge.loader import load_contacts
from knowledge.services import load_service, load_services, service_id, unknown_contacts

REQUIRED = ("id", "slug", "name", "status", "description", "assured_date", "certainty", "sources", "attributes")
OPTIONAL = (
    "url",
    "minimum_age",
    "maximum_age",
    "alert",
    "last_modified",
    "organization",
    "contacts",
    "schedules",
    "service_areas",
    "service_at_locations",
    "contact",
)
BAD: dict[str, Any] = {
    "id": "not-a-uuid",
    "slug": "Sample_Club",
    "name": "x",
    "status": "open",
    "description": "Too short.",
    "url": "http://example.org/club",
    "minimum_age": -1,
    "maximum_age": "eighteen",
    "assured_date": "23 November 2026",
    "alert": "",
    "last_modified": "2026-11-23",
    "organization": {"name": "Sample Trust"},
    "contacts": [{"title": "Club leader", "phone": "01632 960 001"}],
    "service_areas": [],
    "contact": "sample-club",
    "certainty": "sure",
    "sources": [],
    "attributes": [],
    "phones": [{"number": "01632 960 001"}],
    "schedules/0/byday": "Monday",
    "schedules/0/opens_at": "4pm",
    "schedules/0/closes_at": "24:00",
    "schedules/0/freq": "DAILY",
    "service_areas/0/extent_type": "shape",
    "service_at_locations/0/location/location_type": "tent",
    "service_at_locations/0/location/addresses/0/postal_code": "ME44TR",
    "attributes/0/taxonomy_term": {"taxonomy": "kind", "name": "club"},
    "attributes/1/taxonomy_term": {"taxonomy": "need", "name": "service"},
    "sources/0/kind": "rumour",
    "sources/0/checked": "today",
}


def test_a_good_record_is_loaded_as_it_stands(tmp_path: Path) -> None:
    assert load_service(write(tmp_path, GOOD)) == GOOD


@pytest.mark.parametrize("field", OPTIONAL)
def test_an_optional_field_may_be_missing(tmp_path: Path, field: str) -> None:
    assert field not in load_service(write(tmp_path, without(field)))


@pytest.mark.parametrize("field", REQUIRED)
def test_a_required_field_must_be_there(tmp_path: Path, field: str) -> None:
    path = write(tmp_path, without(field), "sample-club")
    with pytest.raises(ContentError, match=rf"sample-club\.yml: .*'{field}' is a required property"):
        load_service(path)


@pytest.mark.parametrize("field", BAD)
def test_a_bad_value_is_told_with_file_and_field(tmp_path: Path, field: str) -> None:
    path = write(tmp_path, spoiled(field, BAD[field]), "sample-club")
    where = "top" if field == "phones" else field
    with pytest.raises(ContentError, match=rf"sample-club\.yml: {where}"):
        load_service(path)


@pytest.mark.parametrize(
    "status", ["active", "inactive", "defunct", "temporarily closed"], ids=lambda status: status.replace(" ", "-")
)
def test_every_status_of_the_standard_is_taken(tmp_path: Path, status: str) -> None:
    assert load_service(write(tmp_path, spoiled("status", status)))["status"] == status


def test_dates_that_yaml_reads_as_dates_come_out_as_text(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_text(path.read_text().replace("'2026-11-23'", "2026-11-23"), encoding="utf-8")
    assert load_service(path)["assured_date"] == "2026-11-23"


def test_the_slug_must_equal_the_file_name(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"other\.yml: slug: 'sample-club' must equal the file name"):
        load_service(write(tmp_path, GOOD, "other"))


def test_the_identifier_must_be_made_from_the_slug(tmp_path: Path) -> None:
    path = write(tmp_path, spoiled("id", service_id("another-club")))
    with pytest.raises(ContentError, match=rf"id: must be {service_id('sample-club')}"):
        load_service(path)


def test_ages_must_be_in_order(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="minimum_age: is above maximum_age"):
        load_service(write(tmp_path, spoiled("minimum_age", 19)))


def test_opening_must_come_before_closing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="schedules/0/opens_at: is not before closes_at"):
        load_service(write(tmp_path, spoiled("schedules/0/opens_at", "18:30")))


@pytest.mark.parametrize(("text", "message"), [("- a list\n", "must be a mapping"), ("a: [", "cannot be read")])
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "sample-club.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"sample-club\.yml: {message}"):
        load_service(path)


def test_records_come_in_the_order_of_their_slugs(tmp_path: Path) -> None:
    for slug in ("zoo-visits", "art-group"):
        write(tmp_path, {**GOOD, "slug": slug, "id": service_id(slug)})
    assert list(load_services(tmp_path)) == ["art-group", "zoo-visits"]


def test_a_contact_that_does_not_exist_is_told() -> None:
    assert unknown_contacts({"sample-club": GOOD}, {"other"}) == ["sample-club: sample_club"]
    assert unknown_contacts({"sample-club": GOOD}, {"sample_club"}) == []


def test_the_real_records_are_whole() -> None:
    services = load_services()
    assert len(services) >= 91
    assert unknown_contacts(services, load_contacts()) == []


def test_a_real_record_of_low_certainty_warns_the_reader() -> None:
    silent = [slug for slug, row in load_services().items() if row["certainty"] == "low" and not row.get("alert")]
    assert silent == []


def test_no_real_record_holds_a_phone_number_or_an_e_mail_of_its_own() -> None:
    texts = {
        slug: f"{row['name']} {row['description']} {row.get('alert', '')}" for slug, row in load_services().items()
    }
    assert [slug for slug, text in texts.items() if "@" in text or "0300" in text or "01634" in text] == []

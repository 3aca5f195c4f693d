"""When a reply can be expected: working hours, weekends, bank holidays, closures, the clock change."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.gateway.hours import Calendar
from assistant.settings import Hours, Settings

LONDON = ZoneInfo("Europe/London")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23T09:00", "2026-11-23T17:00"),
        ("2026-11-23T14:00", "2026-11-24T14:00"),
        ("2026-11-23T20:00", "2026-11-24T17:00"),
        ("2026-11-27T16:00", "2026-11-30T16:00"),
        ("2026-11-28T12:00", "2026-11-30T17:00"),
        # Christmas Day is a Friday, the 28th is the substitute for Boxing Day.
        ("2026-12-24T13:00", "2026-12-29T13:00"),
        # Easter: Good Friday 3 April and Easter Monday 6 April 2026.
        ("2026-04-02T12:00", "2026-04-07T12:00"),
        # The clocks go back on 25 October 2026.
        ("2026-10-23T15:00", "2026-10-26T15:00"),
    ],
)
def test_expected_by_counts_working_time_only(asked, due):
    assert Calendar(Settings()).expected_by(at(asked)) == at(due)


def test_closures_and_other_hours_are_respected():
    settings = Settings(
        hours=Hours(days=(1, 3), opens=at("2026-01-01T10:00").time(), closes=at("2026-01-01T12:00").time()),
        closures=(date(2026, 11, 26),),
        reply_target_hours=3,
    )
    # One hour is left on that Tuesday; Thursday is closed; two hours remain for the Tuesday after.
    assert Calendar(settings).expected_by(at("2026-11-24T11:00")) == at("2026-12-01T12:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-23T09:00", True), ("2026-11-23T17:00", False), ("2026-11-22T12:00", False), ("2026-12-25T12:00", False)],
)
def test_is_open(moment, is_open):
    assert Calendar(Settings()).is_open(at(moment)) is is_open


def test_a_service_that_never_opens_still_gives_a_time():
    closed = Settings(hours=Hours(days=()))
    assert Calendar(closed).expected_by(at("2026-11-23T09:00")) > at("2027-11-23T09:00")

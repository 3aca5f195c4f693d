"""When a person can be expected to reply, from opening hours, bank holidays and closures."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from assistant.settings import Hours, Settings

# A span longer than any chain of closed days; ends the search where every day is closed.
_HORIZON_DAYS = 400


class Calendar:
    """Working time of the people behind the service.

    Args:
        settings: Hours, closures, time zone and the target in working hours.
    """

    def __init__(self, settings: Settings) -> None:
        """Remember what is set."""
        self._hours: Hours = settings.hours
        self._closures: Collection[date] = frozenset(settings.closures)
        self._zone = settings.timezone
        self._target = timedelta(hours=settings.reply_target_hours)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether someone is there at an aware moment."""
        local = moment.astimezone(self._zone)
        return self._works_on(local.date()) and self._hours.opens <= local.time() < self._hours.closes

    def expected_by(self, moment: datetime) -> datetime:
        """Return when the target is used up in working time, in local time.

        Args:
            moment: When the request came, aware.
        """
        local, left = moment.astimezone(self._zone), self._target
        for ahead in range(_HORIZON_DAYS):
            day = local.date() + timedelta(days=ahead)
            if not self._works_on(day):
                continue
            start = self._at(day, self._hours.opens)
            begin, end = max(start, local), self._at(day, self._hours.closes)
            if begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta())
        return local + timedelta(days=_HORIZON_DAYS)

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._zone)

    def _works_on(self, day: date) -> bool:
        if day.weekday() not in self._hours.days or day in self._closures:
            return False
        return day not in _bank_holidays(day.year)


@lru_cache(maxsize=8)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))

"""When a token ends: calendar steps in UTC, a date, or never (SPEC 5)."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.errors import Unfit

WEEK, MONTH, QUARTER, HALF_YEAR, YEAR = "1 week", "1 month", "3 months", "6 months", "1 year"
CUSTOM, NEVER = "custom", "never"
_MONTHS = {MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12}
PRESETS = (WEEK, *_MONTHS)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LAST_DATE = date(2999, 12, 31)
NEAR = timedelta(days=14)


@dataclass(frozen=True)
class Expiry:
    """A choice of end. A preset counts from the moment the token takes effect; a date is fixed; neither is never."""

    preset: str | None = None
    fixed: datetime | None = None

    def counted_from(self, start: datetime) -> datetime | None:
        """The instant at which a token that takes effect at `start` ends; None for never."""
        if self.preset is None:
            return self.fixed
        if self.preset == WEEK:
            return start + timedelta(weeks=1)
        return _months_later(start, _MONTHS[self.preset])


def chosen(choice: str, custom: str, now: datetime) -> Expiry:
    """The end that a form names. `custom` is a date (`2027-01-31`), meant to its end in UTC. Raises Unfit."""
    if choice in PRESETS:
        return Expiry(preset=choice)
    if choice == NEVER:
        return Expiry()
    if choice == CUSTOM:
        return Expiry(fixed=_end_of_day(custom.strip(), now))
    raise Unfit("Choose when the token expires.")


def is_near(expires_at: datetime | None, now: datetime) -> bool:
    """Whether the end is so near that people should be told: 14 days or fewer."""
    return expires_at is not None and expires_at - now <= NEAR


def _end_of_day(text: str, now: datetime) -> datetime:
    if not _DATE.fullmatch(text):
        raise Unfit("Write the date as year-month-day, such as 2027-01-31. It counts to its end in UTC.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unfit(f"There is no such day as {text}.") from None
    if day > LAST_DATE:
        raise Unfit(f"Choose a date up to {LAST_DATE}, or no expiration.")
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    if end <= now:
        raise Unfit("Choose a date in the future.")
    return end


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))

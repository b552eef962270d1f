"""Time restriction: the days and hours, in UTC, in which a token works (SPEC 8)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from app.domain.errors import Unfit

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
WEEK = 7 * DAY
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


@dataclass(frozen=True)
class Hours:
    """From `start` (included) until `end` (excluded), minutes of a day, on each of `days` (0 is Monday). An `end`
    before `start` crosses midnight and belongs to the day on which it starts."""

    days: tuple[int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        return f"{' '.join(DAYS[day] for day in self.days)} {clock(self.start)}-{clock(self.end)}"

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the day after the one on which it starts."""
        return self.end < self.start

    def admits(self, now: datetime) -> bool:
        """Whether this instant (aware, UTC) lies within the hours."""
        day, minute = now.weekday(), now.hour * 60 + now.minute
        if not self.crosses_midnight:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or ((day - 1) % 7 in self.days and minute < self.end)

    def opens(self, now: datetime) -> datetime:
        """The first instant from now on that lies within the hours."""
        if self.admits(now):
            return now
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        starts = (
            midnight + timedelta(days=ahead, minutes=self.start)
            for ahead in range(8)
            if (now.weekday() + ahead) % 7 in self.days
        )
        return next(start for start in starts if start > now)

    def turns(self, now: datetime) -> datetime:
        """The first instant after now from which another answer may hold than now: the start, the end, or midnight."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        minute = now.hour * 60 + now.minute
        return midnight + timedelta(minutes=min(turn for turn in (self.start, self.end, DAY) if turn > minute))

    @property
    def minutes(self) -> int:
        """The minutes of a week that lie within the hours, as the bits of a number."""
        lasts = (self.end - self.start) % DAY or DAY
        found = 0
        for day in self.days:
            found |= ((1 << lasts) - 1) << (day * DAY + self.start)
        # What runs past Sunday is the beginning of Monday.
        return (found | found >> WEEK) & ((1 << WEEK) - 1)


def days(typed: Sequence[str]) -> tuple[int, ...]:
    """The days that a form names (`Mon`, …), in order. Raises Unfit."""
    if not typed:
        raise Unfit("Choose at least one day.")
    if any(day not in DAYS for day in typed):
        raise Unfit(f"Choose days from {', '.join(DAYS)}.")
    return tuple(sorted({DAYS.index(day) for day in typed}))


def start(typed: str) -> int:
    """The minute of the day that a form names as the start. Raises Unfit."""
    minute = end(typed)
    if minute == DAY:
        raise Unfit("24:00 is an end only: begin at 00:00.")
    return minute


def end(typed: str) -> int:
    """The minute of the day that a form names as the end. Raises Unfit."""
    text = typed.strip(" ")
    if not _CLOCK.fullmatch(text):
        raise Unfit("Write the time as HH:MM on the 24-hour clock, such as 09:00.")
    return _minute(text)


def between(days: tuple[int, ...], start: int, end: int) -> Hours:
    """The hours of these days. Raises Unfit where the two times are the same."""
    if start == end:
        raise Unfit("This is the same as the start. For the whole day, write 00:00 and 24:00.")
    return Hours(days, start, end)


@lru_cache(maxsize=10_000)
def of(plain: str) -> Hours:
    """The hours that the database keeps: `Mon Tue 09:00-17:00`."""
    *days, span = plain.split(" ")
    start, _, end = span.partition("-")
    return Hours(tuple(DAYS.index(day) for day in days), _minute(start), _minute(end))


def is_looser(before: Hours | None, after: Hours | None) -> bool:
    """Whether some minute of the week would be admitted that is not now."""
    if before is None:
        return False
    return after is None or bool(after.minutes & ~before.minutes)


def clock(minute: int) -> str:
    """A minute of the day as people write it: `09:00`, and `24:00` for its end."""
    return f"{minute // 60:02}:{minute % 60:02}"


def described(value: Hours) -> str:
    """In words: `Mon to Fri, 09:00 to 17:00 UTC`; of what crosses midnight, that it ends on the next day."""
    ends = f"{clock(value.end)} on the next day" if value.crosses_midnight else clock(value.end)
    whole = value.start == 0 and value.end == DAY
    return f"{_days(value.days)}, {'all day' if whole else f'{clock(value.start)} to {ends}'} UTC"


def _days(days: Sequence[int]) -> str:
    if len(days) == len(DAYS):
        return "Every day"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])

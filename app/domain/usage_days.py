"""Use of a token as people look at it: day by day, and what it was refused for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.checks import Code

DAYS = 30
Counted = tuple[datetime, Code, int]


@dataclass(frozen=True)
class Day:
    """One UTC day, and how often the token was accepted and refused on it."""

    day: date
    accepted: int
    refused: int


def first_instant(now: datetime) -> datetime:
    """Where the days that are shown begin: midnight UTC, 30 days with today."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)


def by_day(counts: Iterable[Counted], now: datetime) -> Sequence[Day]:
    """Every one of the days, the oldest first; those without use too."""
    totals: Counter[tuple[date, bool]] = Counter()
    for hour, code, count in counts:
        totals[hour.date(), code is Code.VALID] += count
    start = first_instant(now).date()
    days = [start + timedelta(days=passed) for passed in range(DAYS)]
    return [Day(day, totals[day, True], totals[day, False]) for day in days]


def refused_for(counts: Iterable[Counted]) -> Sequence[tuple[Code, int]]:
    """How often each code refused it, the most frequent first."""
    totals: Counter[Code] = Counter()
    for _, code, count in counts:
        if code is not Code.VALID:
            totals[code] += count
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))

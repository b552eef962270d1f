"""How templates write instants and numbers. Time is given, never asked: `relative` takes the request's now."""

from datetime import datetime, timedelta

from flask import Flask

from app.domain.instants import day, instant, parts

MINUTE, HOUR, DAY, MONTH, YEAR = 60, 3_600, 86_400, 30 * 86_400, 365 * 86_400
# Below the first number of seconds, counted in the second: 47 hours are a day, 59 days are days, not "1 month".
STEPS = (
    (HOUR, MINUTE, "minute"),
    (DAY, HOUR, "hour"),
    (2 * MONTH, DAY, "day"),
    (YEAR, MONTH, "month"),
)


def init_app(app: Flask) -> None:
    """Give templates the filters of this file."""
    for a_filter in (instant, day, iso, relative, plural, parts):
        app.jinja_env.filters[a_filter.__name__] = a_filter


def iso(moment: datetime) -> str:
    """An aware UTC instant for machines, to the second: `2026-12-02T09:00:00Z`."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def relative(moment: datetime, now: datetime) -> str:
    """How far away an instant is, in whole units and never more than it is: `in 9 days`, `3 minutes ago`."""
    distance = abs(moment - now)
    if distance < timedelta(minutes=1):
        return "in less than a minute" if moment > now else "just now"
    amount = _amount(int(distance.total_seconds()))
    return f"in {amount}" if moment > now else f"{amount} ago"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 token`, `2,000 tokens`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _amount(seconds: int) -> str:
    for below, unit, word in STEPS:
        if seconds < below:
            return plural(seconds // unit, word)
    return plural(seconds // YEAR, "year")

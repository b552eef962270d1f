"""Instants as people type and read them, in UTC."""

import re
from datetime import UTC, datetime, timedelta

from app.domain.errors import Unfit

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_UNITS = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}

_WRITTEN = re.compile(r"([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2} UTC)", re.ASCII)
# Not the names of the host's language.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant(moment: datetime) -> str:
    """An aware UTC instant to the minute: `2 Dec 2026 09:00 UTC`."""
    return f"{day(moment)} {moment.hour:02}:{moment.minute:02} UTC"


def day(moment: datetime) -> str:
    """The UTC day of an instant: `2 Dec 2026`."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def parts(sentence: str) -> list[tuple[str, datetime | None]]:
    """The sentence in parts, each with the instant that it is, as `instant` writes them, or None."""
    return [(part, _read(part)) for part in _WRITTEN.split(sentence) if part]


def span(raw: str) -> tuple[datetime, datetime] | None:
    """The UTC day, minute or second that is typed (`2026-11-23`, `2026-11-23 14:30`, `2026-11-23T14:30:00Z`): where it
    starts, and where the next one does. None for nothing. Raises Unfit."""
    typed = raw.strip().removesuffix("UTC").removesuffix("Z").strip()
    if not typed:
        return None
    try:
        if not _SHAPE.fullmatch(typed):
            raise ValueError
        start = datetime.fromisoformat(typed).replace(tzinfo=UTC)
        return start, start + _UNITS[len(typed)]
    except (ValueError, OverflowError):
        raise Unfit("Write a UTC date or time, such as 2026-11-23 or 2026-11-23 14:30.") from None


def since(raw: str) -> datetime | None:
    """The first instant that is wanted: the start of what is typed. None for no limit. Raises Unfit."""
    wanted = span(raw)
    return wanted[0] if wanted else None


def until(raw: str) -> datetime | None:
    """The first instant that is not wanted any more: the day, minute or second that is typed is still in. None for no
    limit. Raises Unfit."""
    wanted = span(raw)
    return wanted[1] if wanted else None


def _read(part: str) -> datetime | None:
    if not _WRITTEN.fullmatch(part):
        return None
    number, month, year, time, _ = part.split()
    try:
        hour, minute = time.split(":")
        return datetime(int(year), _MONTHS.index(month) + 1, int(number), int(hour), int(minute), tzinfo=UTC)
    except ValueError:
        # Somebody's own words.
        return None

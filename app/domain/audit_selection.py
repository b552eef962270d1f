"""Which events of the log somebody wants to see, and how what they type is read (SPEC 11)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors import Unfit
from app.domain.events import Action

# The fields of the form and the address. All are text, and empty for no limit.
FIELDS = ("since", "until", "actor", "action", "application", "token")
_SHAPE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_UNITS = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}
_CURSOR = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """Events from `since` on and before `until`, by this actor, of this action, about this application and token. None
    is no limit. A person is known by their id; who has none, such as the host's console, by the name in the event."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: str | None = None
    actor_name: str | None = None
    action: Action | None = None
    application_id: str | None = None
    token_id: str | None = None


def since(raw: str) -> datetime | None:
    """The first instant that is wanted: the start of a UTC day, minute or second."""
    return _read(raw, lambda start, unit: start)


def until(raw: str) -> datetime | None:
    """The first instant that is not wanted any more: what is typed, a UTC day, minute or second, is still in."""
    return _read(raw, lambda start, unit: start + unit)


def action(raw: str) -> Action | None:
    """A word of the audit vocabulary."""
    try:
        return Action(raw) if raw else None
    except ValueError:
        raise Unfit("Choose an action from the list.") from None


def cursor(raw: str) -> int | None:
    """The sequence of the event that a page begins behind."""
    if not raw:
        return None
    if not _CURSOR.fullmatch(raw):
        raise Unfit("This address names no page of the log. Start from the newest events.")
    return int(raw)


def _read(raw: str, edge: Callable[[datetime, timedelta], datetime]) -> datetime | None:
    typed = raw.strip().removesuffix("UTC").removesuffix("Z").strip()
    if not typed:
        return None
    try:
        if not _SHAPE.fullmatch(typed):
            raise ValueError
        return edge(datetime.fromisoformat(typed).replace(tzinfo=UTC), _UNITS[len(typed)])
    except (ValueError, OverflowError):
        raise Unfit("Write a UTC date or time, such as 2026-11-23 or 2026-11-23 14:30.") from None

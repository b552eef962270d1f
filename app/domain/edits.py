"""Editing a token: what changes, and whether that is tighter or looser (SPEC 7).

*Tighter* means that every question accepted after the edit was accepted before it; everything else that matters is
*looser*."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.domain import lifecycle
from app.domain.approval import Policy
from app.domain.changes import FieldChange
from app.domain.expiry import PRESETS, Expiry
from app.domain.restrictions import FIELDS
from app.domain.risk import Risk

NAME, DESCRIPTION, SCOPES, EXPIRES_AT, STATUS = "name", "description", "scopes", "expires_at", "status"
# All that makes a token what it is; what it holds has a risk.
CONTENT = (NAME, DESCRIPTION, SCOPES, EXPIRES_AT, *FIELDS)
RISK = "risk"


@dataclass(frozen=True)
class Disabled:
    """Who switched a token off, and when."""

    by: str | None
    at: datetime | None


class Direction(IntEnum):
    """Where an edit leads. Ordered, so that of a mixed edit the loosest part decides."""

    NEUTRAL = 0
    TIGHTER = 1
    LOOSER = 2


def expires_value(expiry: Expiry) -> str | None:
    """An end as a change keeps it: a preset (counted from the moment the change takes effect), an instant, or None."""
    return expiry.preset or (expiry.fixed.isoformat() if expiry.fixed else None)


def expires_at(value: str | None, now: datetime) -> datetime | None:
    """The instant that such a value means if it takes effect now."""
    if value is None:
        return None
    return Expiry(preset=value).counted_from(now) if value in PRESETS else datetime.fromisoformat(value)


def differs(change: FieldChange, now: datetime) -> bool:
    """Whether the change changes anything if it takes effect now: two ways to write one end are the same end."""
    if change.field != EXPIRES_AT:
        return change.before != change.after
    old, new = (expires_at(value if isinstance(value, str) else None, now) for value in (change.before, change.after))
    return old != new


def direction(changes: Iterable[FieldChange], now: datetime) -> Direction:
    """Where the changes lead together. Raises KeyError for a field that no rule speaks of."""
    return max((DIRECTIONS[one.field](one.before, one.after, now) for one in changes), default=Direction.NEUTRAL)


def approval_needed(leads: Direction, before: Risk, after: Risk, policy: Policy) -> bool:
    """Whether an edit waits for a second person: it loosens, and the policy asks at the risk before or after."""
    return leads is Direction.LOOSER and (policy.asks_at(before) or policy.asks_at(after))


def enabling_waits(disabled: Disabled, person_id: str | None, level: Risk, policy: Policy, now: datetime) -> bool:
    """Whether it is for another person to enable a token of this risk: not where one takes back one's own disable of a
    moment ago, else where the policy asks."""
    return not lifecycle.is_undo(disabled.by, disabled.at, person_id, now) and policy.asks_at(level)


def reason_required(changes: Iterable[FieldChange]) -> bool:
    """Whether the edit takes a reason: all but names and descriptions do."""
    return any(one.field not in {NAME, DESCRIPTION} for one in changes)


def _neutral(before: object, after: object, now: datetime) -> Direction:
    return Direction.NEUTRAL


def _scopes(before: object, after: object, now: datetime) -> Direction:
    return Direction.TIGHTER if set(_names(after)) <= set(_names(before)) else Direction.LOOSER


def _expiry(before: object, after: object, now: datetime) -> Direction:
    old, new = (expires_at(value if isinstance(value, str) else None, now) for value in (before, after))
    if new is None or (old is not None and new > old):
        return Direction.LOOSER
    return Direction.TIGHTER


def _status(before: object, after: object, now: datetime) -> Direction:
    return Direction.LOOSER


def _restriction(field: str) -> Callable[[object, object, datetime], Direction]:
    def compare(before: object, after: object, now: datetime) -> Direction:
        return Direction.LOOSER if FIELDS[field].is_looser(before, after) else Direction.TIGHTER

    return compare


def _names(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


DIRECTIONS: Mapping[str, Callable[[object, object, datetime], Direction]] = {
    NAME: _neutral,
    DESCRIPTION: _neutral,
    SCOPES: _scopes,
    EXPIRES_AT: _expiry,
    STATUS: _status,
    **{field: _restriction(field) for field in FIELDS},
}

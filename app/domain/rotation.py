"""How long the old key goes on after a rotation (SPEC 6, "Rotate")."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.errors import Unfit


class KeyState(StrEnum):
    """Which generation a key is: a token has one current key and, during an overlap, one retiring key."""

    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"


STOPPED = datetime(1970, 1, 1, tzinfo=UTC)
OVERLAPS = {
    "immediately": timedelta(0),
    "1 hour": timedelta(hours=1),
    "24 hours": timedelta(hours=24),
    "7 days": timedelta(days=7),
}


def overlap(choice: str) -> timedelta:
    """The overlap that a form names. Raises Unfit."""
    if choice not in OVERLAPS:
        raise Unfit("Choose when the old key stops.")
    return OVERLAPS[choice]


def old_key_stops_at(now: datetime, overlap: timedelta, expires_at: datetime | None) -> datetime:
    """When the old key stops: after the overlap, never later than the token's expiry."""
    stops_at = now + overlap
    return stops_at if expires_at is None else min(stops_at, max(now, expires_at))


def kept_end(stops_at: datetime, now: datetime) -> datetime:
    """The end as it is stored. What stops now must not start again on a node whose clock is behind, nor when this one
    is set back: it is kept as an instant that is past by every clock."""
    return stops_at if stops_at > now else STOPPED


def key_state(stops_at: datetime | None, now: datetime) -> KeyState:
    """The state of a key that stops at this instant (None: the current key)."""
    if stops_at is None:
        return KeyState.CURRENT
    return KeyState.RETIRING if now < stops_at else KeyState.RETIRED

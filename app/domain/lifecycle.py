"""The statuses of a token, computed from stored facts at each look, and what may be done in each (SPEC 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict


class Status(StrEnum):
    """What a token is now."""

    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REVOKED = "revoked"

    @property
    def is_live(self) -> bool:
        """Whether the token can still be, or become, usable; final tokens stay listed."""
        return self in {Status.PENDING, Status.ACTIVE, Status.DISABLED}


class Verb(StrEnum):
    """What can be done to a token."""

    DESCRIBE = "edit the name of"
    EDIT = "edit"
    ROTATE = "rotate the key of"
    DISABLE = "disable"
    ENABLE = "enable"
    REVOKE = "revoke"
    ACTIVATE_EMERGENCY = "activate emergency access for"


PERMITTED: dict[Verb, frozenset[Status]] = {
    Verb.DESCRIBE: frozenset({Status.ACTIVE, Status.DISABLED}),
    Verb.EDIT: frozenset({Status.ACTIVE, Status.DISABLED}),
    Verb.ROTATE: frozenset({Status.ACTIVE, Status.DISABLED}),
    Verb.DISABLE: frozenset({Status.ACTIVE}),
    Verb.ENABLE: frozenset({Status.DISABLED}),
    Verb.REVOKE: frozenset({Status.PENDING, Status.ACTIVE, Status.DISABLED, Status.EXPIRED}),
    Verb.ACTIVATE_EMERGENCY: frozenset({Status.ACTIVE}),
}
UNDO_DISABLE = timedelta(minutes=30)


@dataclass(frozen=True)
class Facts:
    """What is stored of a token's life. `stored` is never `expired`; `lapses_at` is the end of its approval request."""

    stored: Status
    expires_at: datetime | None = None
    lapses_at: datetime | None = None


def status(facts: Facts, now: datetime) -> Status:
    """The status at this instant. Nothing has to run for a token to expire or for its request to lapse."""
    if facts.stored in {Status.REVOKED, Status.REJECTED}:
        return facts.stored
    if facts.stored is Status.PENDING and facts.lapses_at is not None and now >= facts.lapses_at:
        return Status.REJECTED
    if facts.expires_at is not None and now >= facts.expires_at:
        return Status.EXPIRED
    return facts.stored


def permits(verb: Verb, current: Status) -> bool:
    """Whether the verb can be used on a token of this status."""
    return current in PERMITTED[verb]


def require(verb: Verb, current: Status) -> None:
    """Raise Conflict, with the status in the sentence, where the verb cannot be used."""
    if not permits(verb, current):
        raise Conflict(f"This token is {current.value}: you cannot {verb.value} it now.", code="wrong_status")


def is_undo(disabled_by: str | None, disabled_at: datetime | None, person_id: str | None, now: datetime) -> bool:
    """Whether enabling only takes back this person's own disable of the last 30 minutes, and so loosens nothing."""
    if disabled_by is None or disabled_at is None or disabled_by != person_id:
        return False
    return now - disabled_at <= UNDO_DISABLE

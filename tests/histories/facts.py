"""What a model of governance is made of: people, tokens, scopes, requests, and when each of these ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tests.histories import limits

MEMBER, ADMINISTRATOR, SUPERUSER = "member", "administrator", "superuser"
LOW, MEDIUM, HIGH = 1, 2, 3
A_WEEK, HALF_AN_HOUR = timedelta(days=7), timedelta(minutes=30)
LIVE = {"pending", "active", "disabled"}
Scopes = frozenset[str]
# So long from the moment it takes effect, or at an instant, or never.
End = timedelta | datetime | None


@dataclass
class Person:
    """One of the people."""

    role: str
    works_here: bool = False
    owns: bool = False
    active: bool = True

    @property
    def decides(self) -> bool:
        return self.active and self.role != MEMBER


@dataclass(frozen=True)
class Content:
    """All of a token that somebody may have to approve. `ends` is an instant, or None for never; what narrows it is
    named as in `limits`."""

    scopes: Scopes
    ends: datetime | None
    addresses: str = "anywhere"
    rate: str = "any"
    hours: str = "always"
    asks: str = "anything"

    def with_(self, changes: Mapping[str, Any], now: datetime) -> "Content":
        """The content with these values in the place of its own, if they take effect now."""
        values: dict[str, Any] = {name: end_of(one, now) if name == "ends" else one for name, one in changes.items()}
        return replace(self, **values)


@dataclass(frozen=True)
class Entry:
    """A scope of the catalogue. `permits` is one of `PERMITS`."""

    risk: int
    permits: str = "its own"
    retired: bool = False


# What a scope permits, in lines of its form; nothing else is inside of which.
PERMITS: Mapping[str, tuple[str, frozenset[str]]] = {
    "nothing": ("", frozenset()),
    "its own": ("GET /own", frozenset({"own"})),
    "everything": ("* /**", frozenset({"own", "others"})),
}


@dataclass
class Token:
    """A token. `status` is pending, active, disabled, revoked or rejected; expiry and lapse are the clock's to say.
    `windows` are of emergency access: from, until, and by whom; `renamed` counts."""

    content: Content
    status: str
    lives: End = None
    renamed: int = 0
    disabled_by: str | None = None
    disabled_at: datetime | None = None
    by_administrator: bool = False
    windows: list[tuple[datetime, datetime, str]] = field(default_factory=list)

    def stands(self, now: datetime) -> str:
        """What it is at this instant."""
        ended = self.content.ends is not None and now >= self.content.ends
        return "expired" if ended and self.status in LIVE else self.status

    def open_until(self, now: datetime) -> datetime | None:
        """Until when emergency access is open."""
        return next((until for _, until, _ in self.windows if now < until), None)

    def close(self, now: datetime) -> None:
        """End emergency access, if it is open."""
        self.windows = [(start, min(until, now), by) for start, until, by in self.windows]

    def switch_on(self) -> None:
        self.status, self.disabled_by, self.disabled_at, self.by_administrator = "active", None, None, False


@dataclass
class Request:
    """What somebody asked for: of a token (by number), of the policy (by risk) or of the catalogue (by name of the
    scope). `changes` are before and after of each field; a token that is issued has none."""

    about: int | tuple[str, int | str]
    asker: str
    made_at: datetime
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    status: str = "pending"

    @property
    def token(self) -> int | None:
        return self.about if isinstance(self.about, int) else None

    @property
    def issues(self) -> bool:
        return not self.changes

    @property
    def enables(self) -> bool:
        return "status" in self.changes

    def waits(self, now: datetime) -> bool:
        return self.status == "pending" and now < self.made_at + A_WEEK


def end_of(lives: End, now: datetime) -> datetime | None:
    """The instant at which what takes effect now ends."""
    return now + lives if isinstance(lives, timedelta) else lives


def is_looser(field_: str, before: object, after: object) -> bool:
    """Whether a token with this value could do something that it could not with the other. Ends are instants."""
    match before, after:
        case frozenset(), frozenset():
            return not after <= before
        case str(), str() if field_ in limits.LIMITS:
            return limits.is_looser(field_, before, after)
        case _, None:
            return before is not None
        case datetime(), datetime():
            return after > before
    return False

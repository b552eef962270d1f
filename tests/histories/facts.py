"""What a model of governance is made of: people, tokens, requests, and when each of these ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
    """All of a token that somebody may have to approve. `ends` is an instant, or None for never."""

    scopes: Scopes
    ends: datetime | None


@dataclass
class Token:
    """A token. `status` is pending, active, disabled, revoked or rejected; expiry and lapse are the clock's to say."""

    content: Content
    status: str
    lives: End = None
    version: int = 0
    disabled_by: str | None = None
    disabled_at: datetime | None = None
    by_administrator: bool = False

    def stands(self, now: datetime) -> str:
        """What it is at this instant."""
        ended = self.content.ends is not None and now >= self.content.ends
        return "expired" if ended and self.status in LIVE else self.status


@dataclass
class Request:
    """What somebody asked for. `content` and `enables` are what the token would be; None for what stays as it is."""

    token: int
    asker: str
    made_at: datetime
    issues: bool = False
    scopes: tuple[Scopes, Scopes] | None = None
    ends: tuple[datetime | None, End] | None = None
    enables: bool = False
    status: str = "pending"

    def waits(self, now: datetime) -> bool:
        return self.status == "pending" and now < self.made_at + A_WEEK


def end_of(lives: End, now: datetime) -> datetime | None:
    """The instant at which what takes effect now ends."""
    return now + lives if isinstance(lives, timedelta) else lives

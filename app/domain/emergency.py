"""Emergency access: for 1 to 8 hours a token's address and time restrictions are lifted, nothing else (SPEC 10)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict, Unfit
from app.domain.instants import instant
from app.domain.people import Person
from app.domain.restrictions import IP_WHITELIST, TIME_RESTRICTION
from app.domain.roles import Deed, may

HOUR = timedelta(hours=1)
LONGEST = 8 * HOUR
# In any span of this length a token is open for no more than LONGEST.
SPAN = 24 * HOUR
# The codes that a window turns into a pass.
LIFTED = frozenset({"IP_REQUIRED", "IP_NOT_ALLOWED", "OUTSIDE_HOURS"})
# The restrictions behind these codes.
LIFTED_FIELDS = frozenset({IP_WHITELIST, TIME_RESTRICTION})
_HOURS = re.compile(r"[1-8]", re.ASCII)


class End(StrEnum):
    """What ended a window."""

    CLOCK = "clock"
    DEACTIVATED = "deactivated"
    DISABLED = "disabled"
    REVOKED = "revoked"
    ACTIVATOR_LEFT = "activator left"


_ENDED = {
    End.CLOCK: "By the clock",
    End.DEACTIVATED: "Deactivated",
    End.DISABLED: "The token was disabled",
    End.REVOKED: "The token was revoked",
    End.ACTIVATOR_LEFT: "Who activated it lost the right to",
}


@dataclass(frozen=True)
class Window:
    """One activation. `ended_at` is set where something ended it before, or after, the clock did."""

    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    @property
    def closed_at(self) -> datetime:
        """The instant from which on it lifts nothing any more, as far as is known."""
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it lifts at this instant. What was ended stays so, even where a clock is set back."""
        return self.ended_at is None and is_on(self.ends_at, now)


def is_on(until: datetime | None, now: datetime) -> bool:
    """Whether a window with this end (None: there is none) is open. Nothing has to run for it to end."""
    return until is not None and now < until


def hours(raw: str) -> timedelta:
    """The duration that a form names. Raises Unfit for anything but one of the digits 1 to 8."""
    typed = raw.strip(" ")
    if not _HOURS.fullmatch(typed):
        raise Unfit("Enter a whole number of hours, from 1 to 8.")
    return int(typed) * HOUR


def require_room(lasts: timedelta, past: Sequence[Window], now: datetime) -> None:
    """Raise Unfit where a window of this length from now on would make it more than 8 hours in some 24. `past` are the
    token's windows that closed within the last 24 hours."""
    left = room(past, now)
    if lasts <= left:
        return
    rule = "A token may be open for at most 8 hours in any 24."
    if left:
        raise Unfit(f"{rule} Now there is room for {in_words(left)}.")
    raise Unfit(f"{rule} There is room for the next hour from {instant(_full_minute(room_from(past)))} on.")


def room(past: Iterable[Window], now: datetime) -> timedelta:
    """How many whole hours a window that begins now may last, at most. Where windows follow one another, the fullest 24
    hours are those that end with the newest window."""
    windows = tuple(past)
    fitting = (n * HOUR for n in range(8, 0, -1) if n * HOUR + _open_since(windows, now + n * HOUR - SPAN) <= LONGEST)
    return next(fitting, timedelta(0))


def room_from(past: Iterable[Window]) -> datetime:
    """The first instant from which on one hour would fit, where it does not fit now."""
    left = LONGEST - HOUR
    newest_first = sorted(past, key=lambda window: window.starts_at, reverse=True)
    for window in newest_first:
        lasted = window.closed_at - window.starts_at
        if lasted > left:
            return window.closed_at - left + SPAN - HOUR
        left -= lasted
    raise ValueError("an hour fits already")


def require_closed(open_until: datetime | None) -> None:
    """Raise Conflict where a window is open: it is never extended."""
    if open_until is not None:
        raise Conflict(
            f"Emergency access is open already, until {instant(open_until)}. It is never extended: once it has ended, "
            "it can be activated anew with a new reason.",
            code="emergency_open",
        )


def may_keep_open(activator: Person) -> bool:
    """Whether windows that this person activated stay open, being who they are now."""
    return activator.active and may(Deed.USE_EMERGENCY_ACCESS, activator.role)


def how_ended(how: End, who: str | None) -> str:
    """What ended a window, in words: `Deactivated by Ada`."""
    return f"{_ENDED[how]} by {who}" if who and how in {End.DEACTIVATED, End.DISABLED, End.REVOKED} else _ENDED[how]


def in_words(lasts: timedelta) -> str:
    """A duration as people say it: `2 hours`, `1 hour 12 minutes`, `less than a minute`."""
    whole, rest = divmod(lasts, HOUR)
    parts = [_counted(whole, "hour"), _counted(rest // timedelta(minutes=1), "minute")]
    return " ".join(filter(None, parts)) or "less than a minute"


def _open_since(windows: Iterable[Window], since: datetime) -> timedelta:
    return sum((max(window.closed_at - max(window.starts_at, since), timedelta(0)) for window in windows), timedelta(0))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}" if count else ""


def _full_minute(moment: datetime) -> datetime:
    """The instant, or the next full minute: what is shown to the minute must not be too early."""
    return moment + (
        timedelta(minutes=1) - timedelta(seconds=moment.second, microseconds=moment.microsecond)
    ) % timedelta(minutes=1)

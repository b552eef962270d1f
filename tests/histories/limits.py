"""What narrows a token, in the few ways that histories use: what a form says, what is kept of it, and what it lets in.

Of two ways one is looser where it lets something in that the other does not. What is let in is told in names that mean
nothing else, so that no rule of the program is asked which of two is looser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

ALL_WEEK = "Mon Tue Wed Thu Fri Sat Sun"
WEEKDAYS = "Mon Tue Wed Thu Fri"


@dataclass(frozen=True)
class Way:
    """One way to narrow. `typed` are the fields of its form, `kept` is what the database then holds."""

    typed: Mapping[str, object]
    kept: object
    lets_in: frozenset[str]


def _way(kept: object, lets_in: str, **typed: object) -> Way:
    return Way(typed, kept, frozenset(lets_in.split()))


def _hours(days: str, start: str, end: str, lets_in: str) -> Way:
    span = {"time_from": start, "time_until": end}
    return _way(f"{days} {start}-{end}" if days else None, lets_in, days=days.split(), **span)


ADDRESSES = {
    "anywhere": _way(None, "here office depot abroad", ip_whitelist=""),
    "ours": _way(["10.0.0.0/8", "127.0.0.1"], "here office depot", ip_whitelist="127.0.0.1, 10.0.0.0/8"),
    "office": _way(["10.1.0.0/16"], "office", ip_whitelist="10.1.0.0/16"),
    "here": _way(["127.0.0.1"], "here", ip_whitelist="127.0.0.1"),
}
RATES = {
    "any": _way(None, "ten-a-day ten-an-hour hundred-an-hour five-at-once", rate_limit=""),
    "100/hour": _way("100/hour", "ten-a-day ten-an-hour hundred-an-hour", rate_limit="100/hour"),
    "10/hour": _way("10/hour", "ten-a-day ten-an-hour", rate_limit="10/hour"),
    "10/day": _way("10/day", "ten-a-day", rate_limit="10/day"),
    # Fewer at once, and more in the long run: looser than each of the others, and they than it.
    "5/second": _way("5/second", "five-at-once", rate_limit="5/second"),
}
HOURS = {
    "always": _hours("", "", "", "office-hours nights rest unset"),
    "all week": _hours(ALL_WEEK, "00:00", "24:00", "office-hours nights rest"),
    "weekdays": _hours(WEEKDAYS, "09:00", "17:00", "office-hours"),
    "nights": _hours(ALL_WEEK, "22:00", "06:00", "nights"),
}
ASKS = {
    "anything": _way(None, "reports payments others unset", access_rules=""),
    "all": _way(["* /**"], "reports payments others", access_rules="* /**"),
    "reports": _way(["GET /reports/*"], "reports", access_rules="GET /reports/*"),
    "payments": _way(["POST /payments"], "payments", access_rules="POST /payments"),
}
# By field of a content.
LIMITS: Mapping[str, Mapping[str, Way]] = {"addresses": ADDRESSES, "rate": RATES, "hours": HOURS, "asks": ASKS}
# Where each is edited, and the column that keeps it.
PARTS = {"addresses": "ip-whitelist", "rate": "rate-limit", "hours": "time-restriction", "asks": "access-rules"}
COLUMNS = {field: part.replace("-", "_") for field, part in PARTS.items()}


def is_looser(field: str, before: str, after: str) -> bool:
    """Whether something is let in that was not."""
    return not LIMITS[field][after].lets_in <= LIMITS[field][before].lets_in


def way_of(field: str, kept: object) -> str:
    """Which way this is that the database keeps."""
    return next(name for name, way in LIMITS[field].items() if way.kept == kept)


def is_open_at(hours: str, now: datetime) -> bool:
    """Whether these hours let a question in that is asked now."""
    if hours == "weekdays":
        return now.weekday() < 5 and 9 <= now.hour < 17
    return hours != "nights" or now.hour >= 22 or now.hour < 6

"""The example's tokens in use: busy on weekdays, quiet at night, now and then refused. The same every time."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.domain.checks import Code
from app.services.example.finish import Counted, Past

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = 30
WORKER_ADDRESS, REPORT_ADDRESS = "203.0.113.7", "198.51.100.4"


def of_worker(token_id: str, now: datetime) -> Past:
    """Asked for all through the working day; once in a while it tries a scope that it does not hold."""
    hours = list(_working_hours(now, now - timedelta(days=DAYS)))
    refused = [hour + HOUR / 2 for hour, code, _ in hours if code == Code.INSUFFICIENT_SCOPE]
    refusals = [(at, Code.INSUFFICIENT_SCOPE.value) for at in refused[-5:]]
    # The newest key first; the one before it was rotated away 9 days ago, with 24 hours to go.
    last_uses = [now - timedelta(minutes=4), now - timedelta(days=8, hours=2)]
    # Customers are looked up when an order comes from somebody new.
    asked = {"invoice:read": hours[-1][0], "invoice:write": hours[-1][0], "customer:read": hours[-1][0] - 3 * DAY}
    return Past(token_id, WORKER_ADDRESS, hours, last_uses, refusals, asked)


def of_report(token_id: str, now: datetime) -> Past:
    """Asked for once a day, in the morning, since it was issued."""
    mornings = [now.replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=day) for day in range(1, 24)]
    hours = [(morning, Code.VALID.value, 12 + _chance(morning, 5)) for morning in reversed(mornings)]
    asked = {"invoice:read": mornings[0]}
    return Past(token_id, REPORT_ADDRESS, hours, [mornings[0] + timedelta(minutes=3)], asked=asked)


def _working_hours(now: datetime, since: datetime) -> Iterator[Counted]:
    hour = now.replace(minute=0, second=0, microsecond=0) - HOUR
    first = since + 6 * HOUR
    spans = int((hour - first) / HOUR)
    for each in (hour - span * HOUR for span in reversed(range(spans))):
        if 6 <= each.hour < 20:
            busy = 70 if each.weekday() < 5 else 15
            yield each, Code.VALID.value, busy + _chance(each, busy // 2)
            if _chance(each, 29) == 0:
                yield each, Code.INSUFFICIENT_SCOPE.value, 1 + _chance(each, 4)


def _chance(hour: datetime, below: int) -> int:
    """A number from 0 that looks like chance and is the same for the same hour."""
    return int.from_bytes(hashlib.sha256(f"{hour:%Y%m%d%H}/{below}".encode()).digest()[:4], "big") % below

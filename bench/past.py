"""A month of use of all tokens: now and then by most, each hour by some."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from app.domain.checks import Code
from app.domain.identifiers import random_text
from app.domain.usage import REFUSALS_KEPT, hour_of
from app.store.tables import KeyRow, KeyUsageRow, RefusalRow, UsageHourRow
from bench import bulk

HOUR = timedelta(hours=1)
# Tokens that are used each hour.
BUSY = 20


class Key(NamedTuple):
    """A key of a token."""

    id: str
    token_id: str


def fill(connection: Connection, now: datetime) -> None:
    """A month of use: now and then by most, each hour by some."""
    keys = [Key(*row) for row in connection.execute(select(KeyRow.id, KeyRow.token_id).order_by(KeyRow.token_id))]
    busy = set(keys[:: max(1, len(keys) // BUSY)])
    used = [
        {"key_id": key.id, "token_id": key.token_id, "used_at": now - timedelta(minutes=place), "address": "192.0.2.17"}
        for place, key in enumerate(keys)
    ]
    connection.execute(insert(KeyUsageRow), used)
    hours = bulk.table_of(UsageHourRow)
    bulk.insert(connection, hours, ("token_id", "hour", "code", "count"), _hours(keys, busy, now))
    refusals = bulk.table_of(RefusalRow)
    columns = ("token_id", "at", "request_id", "caller_token_id", "address", "code")
    bulk.insert(connection, refusals, columns, _refusals(keys, busy, now))


def _hours(keys: Sequence[Key], busy: set[Key], now: datetime) -> Iterator[dict[str, object]]:
    hour = hour_of(now)
    for key in keys:
        codes = (Code.VALID, Code.INSUFFICIENT_SCOPE, Code.ACCESS_DENIED) if key in busy else (Code.VALID,)
        for step in range(0, 30 * 24, 1 if key in busy else 30):
            for code in codes:
                yield {"token_id": key.token_id, "hour": hour - step * HOUR, "code": code.value, "count": 17 + step}


def _refusals(keys: Sequence[Key], busy: set[Key], now: datetime) -> Iterator[dict[str, object]]:
    for key in keys:
        for step in range(REFUSALS_KEPT if key in busy else 2):
            yield {
                "token_id": key.token_id,
                "at": now - step * HOUR,
                "request_id": random_text(16),
                "caller_token_id": None,
                "address": "192.0.2.17",
                "code": Code.INSUFFICIENT_SCOPE.value,
            }

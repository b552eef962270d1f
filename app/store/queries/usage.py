"""How tokens are used. The caller has found the tokens for the person who asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.decision import Code
from app.domain.usage import REFUSALS_KEPT, LastUse
from app.store.tables import KeyUsageRow, RefusalRow, UsageDropRow, UsageHourRow


@dataclass(frozen=True)
class HourlyCount:
    """How often a token got one answer in the hour that begins at `hour`."""

    hour: datetime
    code: Code
    count: int


@dataclass(frozen=True)
class Refusal:
    """A verification that ended in no. `address` is the one that the verifying service named."""

    at: datetime
    code: Code
    address: str | None
    caller_token_id: str | None
    request_id: str


def last_used(session: Session, token_ids: Collection[str]) -> dict[str, LastUse]:
    """The last accepted use of each of these tokens; one that was never used is not in it."""
    statement = select(KeyUsageRow).where(KeyUsageRow.token_id.in_(token_ids)).order_by(KeyUsageRow.used_at)
    return {row.token_id: _last_use(row) for row in session.scalars(statement)}


def by_key(session: Session, token_id: str) -> dict[str, LastUse]:
    """The last accepted use of each key of a token; one that was never used is not in it."""
    statement = select(KeyUsageRow).where(KeyUsageRow.token_id == token_id)
    return {row.key_id: _last_use(row) for row in session.scalars(statement)}


def hourly(session: Session, token_id: str, since: datetime) -> Sequence[HourlyCount]:
    """The token's counts by outcome, hour by hour, the oldest first."""
    statement = (
        select(UsageHourRow)
        .where(UsageHourRow.token_id == token_id, UsageHourRow.hour >= since)
        .order_by(UsageHourRow.hour, UsageHourRow.code)
    )
    return [HourlyCount(row.hour, Code(row.code), row.count) for row in session.scalars(statement)]


def refusals(session: Session, token_id: str) -> Sequence[Refusal]:
    """The last 100 refusals of a token, the newest first."""
    statement = (
        select(RefusalRow)
        .where(RefusalRow.token_id == token_id)
        .order_by(RefusalRow.at.desc(), RefusalRow.id.desc())
        .limit(REFUSALS_KEPT)
    )
    return [
        Refusal(row.at, Code(row.code), row.address, row.caller_token_id, row.request_id)
        for row in session.scalars(statement)
    ]


def dropped(session: Session, since: datetime) -> int:
    """How many verifications were not counted since then, in the whole installation."""
    statement = select(func.coalesce(func.sum(UsageDropRow.count), 0)).where(UsageDropRow.hour >= since)
    return int(session.scalars(statement).one())


def _last_use(row: KeyUsageRow) -> LastUse:
    return LastUse(row.used_at, row.address, row.key_id)

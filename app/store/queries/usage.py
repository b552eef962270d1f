"""How tokens are used. The caller has found the tokens for the person who asks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, bindparam, cast, func, null, select, union_all
from sqlalchemy.orm import Session

from app.domain.checks import Code
from app.domain.people import Person
from app.domain.preview import Accepted
from app.domain.usage import DAYS_KEPT, NO_ADDRESS, OTHERS, REFUSALS_KEPT, LastUse
from app.store.aliases import shared_alias
from app.store.queries.prepared import prepared
from app.store.tables import (
    ApplicationRow,
    KeyUsageRow,
    RefusalRow,
    ScopeUsageRow,
    TokenRow,
    UsageDropRow,
    UsageHourRow,
    UsagePlaceRow,
)

_NOTHING = cast(null(), String)
_CALLER = shared_alias(TokenRow)
_TOKEN_ID = bindparam("token_id", type_=String)
_HOURLY = (
    select(UsageHourRow.hour, UsageHourRow.code, UsageHourRow.count)
    .where(UsageHourRow.token_id == _TOKEN_ID, UsageHourRow.hour >= bindparam("since"))
    .order_by(UsageHourRow.hour, UsageHourRow.code)
)


@dataclass(frozen=True)
class HourlyCount:
    """How often a token got one answer in the hour that begins at `hour`."""

    hour: datetime
    code: Code
    count: int


@dataclass(frozen=True)
class Used:
    """The last accepted use of each key, by its id, and the hour in which each scope was last asked for and had,
    BY_PATH for questions that named none."""

    keys: Mapping[str, LastUse]
    scopes: Mapping[str, datetime]


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


def of_token(session: Session, person: Person, token_id: str) -> Used:
    """When the keys and scopes of a token were used; what was never used is not in it. Services that the person may not
    see are not named. One query."""
    used, asked = dict[str, LastUse](), dict[str, datetime]()
    for key, scope, at, address, name in _used.ask(session, person, token_id=token_id):
        if key is not None:
            used[key] = LastUse(at, address, key, name)
        else:
            asked[scope] = at
    return Used(used, asked)


def hourly(session: Session, token_id: str, since: datetime) -> Sequence[HourlyCount]:
    """The token's counts by outcome, hour by hour, the oldest first."""
    rows = session.execute(_HOURLY, {"token_id": token_id, "since": since})
    return [HourlyCount(hour, Code(code), count) for hour, code, count in rows]


def accepted(session: Session, token_id: str, now: datetime) -> Accepted:
    """Where and when a token was accepted in the last 30 days."""
    since = now - timedelta(days=DAYS_KEPT)
    statement = (
        select(UsagePlaceRow.address, func.sum(UsagePlaceRow.count))
        .where(UsagePlaceRow.token_id == token_id, UsagePlaceRow.day >= since.date())
        .group_by(UsagePlaceRow.address)
    )
    places = {address: int(count) for address, count in session.execute(statement)}
    by_hour: Counter[int] = Counter()
    for one in hourly(session, token_id, since):
        if one.code is Code.VALID:
            by_hour[one.hour.weekday() * 24 + one.hour.hour] += one.count
    return Accepted(
        nowhere=places.pop(NO_ADDRESS, 0), elsewhere=places.pop(OTHERS, 0), by_address=places, by_hour=by_hour
    )


def refusals(session: Session, token_id: str) -> Sequence[Refusal]:
    """The last 100 refusals of a token, the newest first."""
    statement = (
        select(RefusalRow)
        .where(RefusalRow.token_id == token_id)
        .order_by(RefusalRow.at.desc(), RefusalRow.id.desc())
        .limit(REFUSALS_KEPT)
    )
    return [refusal(row) for row in session.scalars(statement)]


def refusal(row: RefusalRow) -> Refusal:
    """What is kept of a refusal."""
    return Refusal(row.at, Code(row.code), row.address, row.caller_token_id, row.request_id)


def dropped(session: Session, since: datetime) -> int:
    """How many verifications were not counted since then, in the whole installation."""
    statement = select(func.coalesce(func.sum(UsageDropRow.count), 0)).where(UsageDropRow.hour >= since)
    return int(session.scalars(statement).one())


def _last_use(row: KeyUsageRow) -> LastUse:
    return LastUse(row.used_at, row.address, row.key_id)


@prepared
def _used(seen: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    service = and_(ApplicationRow.id == _CALLER.application_id, seen)
    keys = (
        select(
            KeyUsageRow.key_id, _NOTHING.label("scope"), KeyUsageRow.used_at, KeyUsageRow.address, ApplicationRow.name
        )
        .outerjoin(_CALLER, _CALLER.id == KeyUsageRow.caller_token_id)
        .outerjoin(ApplicationRow, service)
        .where(KeyUsageRow.token_id == _TOKEN_ID)
    )
    scopes = select(_NOTHING, ScopeUsageRow.scope_name, ScopeUsageRow.asked_at, _NOTHING, _NOTHING).where(
        ScopeUsageRow.token_id == _TOKEN_ID
    )
    return union_all(keys, scopes)

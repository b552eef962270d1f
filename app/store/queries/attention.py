"""What the tokens of a person's own applications deserve a look for. Each list is one query, and as long as `most`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain import attention
from app.domain.checks import Code
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.scopes import TOKEN_VERIFY
from app.domain.usage import hour_of
from app.store.queries import visible
from app.store.tables import (
    ApplicationRow,
    KeyUsageRow,
    TokenRow,
    TokenScope,
    UsageHourRow,
)

_TOKEN = (TokenRow.id, TokenRow.name, ApplicationRow.name)


@dataclass(frozen=True)
class Ending:
    """A token that stops soon. `is_caller`: with it a service asks Postern, so that service stops altogether."""

    token_id: str
    token_name: str
    application_name: str
    expires_at: datetime
    is_caller: bool


@dataclass(frozen=True)
class Refused:
    """Refusals of a token: in the last day, in the week before that, and of keys that were rotated away."""

    token_id: str
    token_name: str
    application_name: str
    lately: int
    before: int
    retired_key: int


@dataclass(frozen=True)
class Unused:
    """An active token that nobody uses. `used_at` is None for never."""

    token_id: str
    token_name: str
    application_name: str
    effective_at: datetime
    used_at: datetime | None


def ending(session: Session, person: Person, now: datetime, most: int) -> Sequence[Ending]:
    """The active tokens that end within 30 days: first those by which a service asks, then the first to end."""
    asks = exists().where(TokenScope.token_id == TokenRow.id, TokenScope.scope_name == TOKEN_VERIFY)
    statement = (
        select(*_TOKEN, TokenRow.expires_at, asks)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(visible.worked_on_by(person), TokenRow.status == Status.ACTIVE)
        .where(TokenRow.expires_at > now, TokenRow.expires_at <= now + attention.SOON)
        .order_by(asks.desc(), TokenRow.expires_at, TokenRow.id)
        .limit(most)
    )
    return [
        Ending(token_id, token, application, end, is_caller)
        for token_id, token, application, end, is_caller in session.execute(statement)
        if end
    ]


def refused(session: Session, person: Person, now: datetime) -> Sequence[Refused]:
    """The tokens that can work and were refused in the last day, or with a key that was rotated away in the last week;
    the most refused first."""
    hour = hour_of(now)
    lately, week = hour - attention.LATELY, hour - attention.RETIRED_KEY_TOLD
    retired = UsageHourRow.code == Code.ROTATED
    of_day = _count(UsageHourRow.hour > lately, ~retired)
    of_retired = _count(UsageHourRow.hour > week, retired)
    statement = (
        select(*_TOKEN, of_day, _count(UsageHourRow.hour <= lately, ~retired), of_retired)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(UsageHourRow, UsageHourRow.token_id == TokenRow.id)
        .where(visible.worked_on_by(person), TokenRow.status == Status.ACTIVE)
        .where(or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now))
        .where(UsageHourRow.code != Code.VALID, UsageHourRow.hour > lately - attention.BEFORE)
        .group_by(*_TOKEN)
        .having(or_(of_day >= attention.FEWEST, of_retired > 0))
        .order_by(of_day.desc(), TokenRow.id)
    )
    return [Refused(*row[:3], *map(int, row[3:])) for row in session.execute(statement)]


def unused(session: Session, person: Person, now: datetime, most: int) -> Sequence[Unused]:
    """The active tokens that could be used for 90 days and were not, the longest unused first."""
    oldest = now - attention.UNUSED_AFTER
    used = (
        select(func.max(KeyUsageRow.used_at))
        .where(KeyUsageRow.token_id == TokenRow.id)
        .correlate(TokenRow)
        .scalar_subquery()
    )
    statement = (
        select(*_TOKEN, TokenRow.effective_at, used)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(visible.worked_on_by(person), TokenRow.status == Status.ACTIVE, TokenRow.effective_at <= oldest)
        .where(or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now))
        .where(~exists().where(KeyUsageRow.token_id == TokenRow.id, KeyUsageRow.used_at > oldest))
        .order_by(func.coalesce(used, TokenRow.effective_at), TokenRow.id)
        .limit(most)
    )
    return [
        Unused(token_id, token, application, since, used_at)
        for token_id, token, application, since, used_at in session.execute(statement)
        if since
    ]


def _count(first: ColumnElement[bool], second: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((and_(first, second), UsageHourRow.count), else_=0)), 0)

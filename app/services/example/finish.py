"""The last step of telling the example: its rows are marked, and its tokens have been in use."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.checks import Code
from app.domain.events import Action, Subject
from app.domain.identifiers import random_text
from app.services import host
from app.services.recording import append_event
from app.store.database import transaction
from app.store.tables import (
    ApplicationRow,
    KeyRow,
    KeyUsageRow,
    RefusalRow,
    ScopeUsageRow,
    TokenRow,
    UsageHourRow,
    UsagePlaceRow,
    UserRow,
)

EXAMPLE = Subject("example", "example", "example")
REQUEST_ID_LENGTH = 16
Counted = tuple[datetime, str, int]


@dataclass(frozen=True)
class Past:
    """How a token was used before anybody looked: counts by hour and code, the last uses of its keys (the newest key
    first), single refusals (instant, code), all from one address; the hour in which each scope was last asked for."""

    token_id: str
    address: str
    hours: Sequence[Counted]
    last_uses: Sequence[datetime]
    refusals: Sequence[tuple[datetime, str]] = ()
    asked: Mapping[str, datetime] = field(default_factory=dict)


def finish(pasts: Sequence[Past], now: datetime) -> None:
    """Mark what the example's people made as the example's, and give its tokens their past."""
    with transaction() as session:
        mark(session)
        for past in pasts:
            _live_through(session, past)
        append_event(session, Action.EXAMPLE_ADDED, EXAMPLE, host.CONSOLE, now)


def mark(session: Session) -> None:
    """Mark what the example's people made. Only while there is nobody else."""
    people = select(UserRow.id).where(UserRow.example)
    session.execute(update(ApplicationRow).where(ApplicationRow.created_by.in_(people)).values(example=True))
    session.execute(update(TokenRow).where(TokenRow.created_by.in_(people)).values(example=True))


def _live_through(session: Session, past: Past) -> None:
    for hour, code, count in past.hours:
        session.add(UsageHourRow(token_id=past.token_id, hour=hour, code=code, count=count))
    for day, count in _accepted_by_day(past).items():
        session.add(UsagePlaceRow(token_id=past.token_id, day=day, address=past.address, count=count))
    newest_first = KeyRow.created_at.desc()
    keys = session.scalars(select(KeyRow.id).where(KeyRow.token_id == past.token_id).order_by(newest_first)).all()
    for key_id, used_at in zip(keys, past.last_uses, strict=True):
        session.add(KeyUsageRow(key_id=key_id, token_id=past.token_id, used_at=used_at, address=past.address))
    for name, hour in past.asked.items():
        session.add(ScopeUsageRow(token_id=past.token_id, scope_name=name, asked_at=hour))
    for at, code in past.refusals:
        row = RefusalRow(token_id=past.token_id, at=at, code=code, address=past.address)
        row.request_id = random_text(REQUEST_ID_LENGTH)
        session.add(row)


def _accepted_by_day(past: Past) -> Counter[date]:
    found: Counter[date] = Counter()
    for hour, code, count in past.hours:
        if code == Code.VALID:
            found[hour.date()] += count
    return found

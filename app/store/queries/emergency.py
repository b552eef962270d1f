"""Emergency access: what is open now, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.emergency import End, Window
from app.domain.people import Person
from app.store.aliases import shared_alias
from app.store.queries.prepared import prepared
from app.store.tables import ApplicationRow, EmergencyUseRow, EmergencyWindowRow, TokenRow, UserRow

MOST_PAST = 20
_ACTIVATOR, _ENDER = shared_alias(UserRow), shared_alias(UserRow)


@dataclass(frozen=True)
class OpenWindow:
    """A window that lifts now."""

    id: int
    token_id: str
    token_name: str
    application_name: str
    activated_by: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class WindowView:
    """One window of a token. Names of people are as they are today; `passed` counts the verifications that were
    accepted only because of it."""

    window: Window
    activated_by: str
    reason: str
    ended_by: str | None
    ended_how: End
    passed: int


def open_now(session: Session, person: Person, now: datetime) -> Sequence[OpenWindow]:
    """The open windows of all tokens that the person may see, the first to end first."""
    return [OpenWindow(*row) for row in _open.ask(session, person, now=now)]


def of_token(session: Session, token_id: str) -> Sequence[WindowView]:
    """The last 20 windows of a token, the newest first. The caller has found the token for the person who asks."""
    statement = (
        select(EmergencyWindowRow, _ACTIVATOR.name, _ENDER.name, func.coalesce(EmergencyUseRow.count, 0))
        .join(_ACTIVATOR, _ACTIVATOR.id == EmergencyWindowRow.activated_by)
        .outerjoin(_ENDER, _ENDER.id == EmergencyWindowRow.ended_by)
        .outerjoin(EmergencyUseRow, EmergencyUseRow.window_id == EmergencyWindowRow.id)
        .where(EmergencyWindowRow.token_id == token_id)
        .order_by(EmergencyWindowRow.starts_at.desc(), EmergencyWindowRow.id.desc())
        .limit(MOST_PAST)
    )
    return [
        WindowView(row.window, activated_by, row.reason, ended_by, row.ended_how or End.CLOCK, passed)
        for row, activated_by, ended_by, passed in session.execute(statement)
    ]


@prepared
def _open(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            EmergencyWindowRow.id,
            TokenRow.id,
            TokenRow.name,
            ApplicationRow.name,
            UserRow.name,
            EmergencyWindowRow.starts_at,
            EmergencyWindowRow.ends_at,
        )
        .join(TokenRow, TokenRow.id == EmergencyWindowRow.token_id)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(UserRow, UserRow.id == EmergencyWindowRow.activated_by)
        .where(EmergencyWindowRow.ended_at.is_(None), EmergencyWindowRow.ends_at > bindparam("now"), seen)
        .order_by(EmergencyWindowRow.ends_at, EmergencyWindowRow.id)
    )

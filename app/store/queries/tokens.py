"""Tokens, for the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from app.domain import lifecycle, rotation
from app.domain.approval import RequestKind, RequestStatus
from app.domain.expiry import Expiry
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.restrictions import Plain
from app.domain.risk import Risk, highest
from app.domain.rotation import KeyState
from app.domain.scopes import Scope
from app.store.aliases import shared_alias
from app.store.queries import applications, scopes
from app.store.queries.applications import ApplicationView
from app.store.queries.prepared import VIEWER, prepared
from app.store.tables import (
    ApplicationMember,
    ApplicationRow,
    ApprovalRequestRow,
    KeyRow,
    TokenRow,
    UserRow,
)

_OWNER, _CREATOR, _DISABLER, _APPROVER = (shared_alias(UserRow) for _ in range(4))
_LIVE_KEYS = (
    select(KeyRow, UserRow.name)
    .join(UserRow, UserRow.id == KeyRow.shown_to)
    .where(KeyRow.token_id == bindparam("token_id"))
    .where(KeyRow.stops_at.is_(None) | (KeyRow.stops_at > bindparam("now")))
    .order_by(KeyRow.stops_at.is_not(None), KeyRow.created_at.desc())
)


@dataclass(frozen=True)
class KeyView:
    """A key that still verifies, and who was shown it. `stops_at` is None for the current one."""

    id: str
    hint: str
    state: KeyState
    created_at: datetime
    shown_to: str
    stops_at: datetime | None


@dataclass(frozen=True)
class TokenView:
    """A token whole. `keys` holds the live ones, the current one first; names of people are as they are today.
    `approved_by` let it take effect, where somebody had to."""

    id: str
    name: str
    description: str
    status: Status
    refused_how: str | None
    application: ApplicationView
    scopes: Sequence[Scope]
    expiry: Expiry
    expires_at: datetime | None
    lapses_at: datetime | None
    effective_at: datetime | None
    created_at: datetime
    created_by: str
    created_by_id: str
    approved_by: str | None
    disabled_at: datetime | None
    disabled_by: str | None
    disabled_by_administrator: bool
    disabled_by_id: str | None
    keys: Sequence[KeyView]
    restrictions: Mapping[str, Plain]
    version: int

    @property
    def risk(self) -> Risk:
        """The highest risk among the scopes."""
        return highest(scope.risk for scope in self.scopes)

    @property
    def current_key(self) -> KeyView:
        """The newest key."""
        return self.keys[0]

    @property
    def retiring_key(self) -> KeyView | None:
        """The old key, during a rotation overlap."""
        return self.keys[1] if len(self.keys) > 1 else None


def find(session: Session, person: Person, token_id: str, now: datetime) -> TokenView | None:
    """The token, if the person may see its application."""
    row = _whole.ask(session, person, token_id=token_id).one_or_none()
    if row is None:
        return None
    token, application, owner, member, creator, disabler, approver = row
    return TokenView(
        id=token.id,
        name=token.name,
        description=token.description,
        status=lifecycle.status(token.facts, now),
        refused_how=_refused_how(token, now),
        application=applications.view(application, owner, member, person),
        scopes=scopes.held_by(session, token.id),
        expiry=token.expiry,
        expires_at=token.expires_at,
        lapses_at=token.lapses_at,
        effective_at=token.effective_at,
        created_at=token.created_at,
        created_by=creator,
        created_by_id=token.created_by,
        approved_by=approver,
        disabled_at=token.disabled_at,
        disabled_by=disabler,
        disabled_by_administrator=token.disabled_by_administrator,
        disabled_by_id=token.disabled_by,
        keys=live_keys(session, token.id, now),
        restrictions=token.restrictions,
        version=token.version,
    )


def live_keys(session: Session, token_id: str, now: datetime) -> Sequence[KeyView]:
    """The token's keys that still verify, the current one first."""
    return [
        KeyView(
            id=key.id,
            hint=key.hint,
            state=rotation.key_state(key.stops_at, now),
            created_at=key.created_at,
            shown_to=name,
            stops_at=key.stops_at,
        )
        for key, name in session.execute(_LIVE_KEYS, {"token_id": token_id, "now": now})
    ]


@prepared
def _whole(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    mine = and_(ApplicationMember.application_id == ApplicationRow.id, ApplicationMember.user_id == VIEWER)
    approval = and_(
        ApprovalRequestRow.token_id == TokenRow.id,
        ApprovalRequestRow.kind == RequestKind.ISSUE,
        ApprovalRequestRow.status == RequestStatus.APPROVED,
    )
    return (
        select(
            TokenRow,
            ApplicationRow,
            _OWNER,
            ApplicationMember.user_id,
            _CREATOR.name,
            _DISABLER.name,
            _APPROVER.name,
        )
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(_OWNER, _OWNER.id == ApplicationRow.owner_id)
        .outerjoin(ApplicationMember, mine)
        .join(_CREATOR, _CREATOR.id == TokenRow.created_by)
        .outerjoin(_DISABLER, _DISABLER.id == TokenRow.disabled_by)
        .outerjoin(ApprovalRequestRow, approval)
        .outerjoin(_APPROVER, _APPROVER.id == ApprovalRequestRow.decided_by)
        .where(TokenRow.id == bindparam("token_id"), seen)
    )


def _refused_how(token: TokenRow, now: datetime) -> str | None:
    lapsed = token.status is Status.PENDING and lifecycle.status(token.facts, now) is Status.REJECTED
    return "lapsed" if lapsed else token.refused_how

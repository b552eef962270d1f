"""Disable, enable and revoke: they look at the status only, so an emergency stop never fails because someone edited."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import edits, risk, text
from app.domain.approval import RequestStatus
from app.domain.changes import FieldChange
from app.domain.edits import Disabled
from app.domain.emergency import End
from app.domain.errors import Faults, NotAllowed
from app.domain.events import Action
from app.domain.lifecycle import Status, Verb
from app.domain.people import Actor, Person
from app.domain.risk import Risk
from app.domain.roles import Deed, may_enable
from app.services import emergency_windows, requests
from app.services.recording import Record, recording
from app.services.tokens import fetch
from app.services.tokens.asking import ask
from app.services.tokens.fetch import Fetched
from app.store.database import transaction
from app.store.queries import policy, scopes
from app.store.tables import TokenRow


@dataclass(frozen=True)
class Enabled:
    """The answer: `request_id` names the request where enabling waits for another person."""

    request_id: str | None


def disable_token(token_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """Switch the token off; it can be enabled again. No verification that starts after this returns succeeds."""
    why = _optional(reason)
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.DISABLE_TOKEN, Verb.DISABLE, actor, now)
        with recording(session, Action.TOKEN_DISABLED, found.token, actor, now, reason=why) as record:
            disable(session, found.token, found.person, record, actor, now)


def disable(session: Session, token: TokenRow, person: Person, record: Record, actor: Actor, now: datetime) -> None:
    """Switch the token off inside a verb's transaction."""
    token.status = Status.DISABLED
    token.disabled_by, token.disabled_at = person.id, now
    token.disabled_by_administrator = person.role.is_administrator
    requests.end_pending(session, token, RequestStatus.VOID, record, now)
    emergency_windows.end_open(session, token, End.DISABLED, record, actor, now)


def revoke_token(token_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """End the token for good; a pending one takes its request along."""
    why = _optional(reason)
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.REVOKE_TOKEN, Verb.REVOKE, actor, now)
        with recording(session, Action.TOKEN_REVOKED, found.token, actor, now, reason=why) as record:
            revoke(session, found.token, record, actor, now)


def revoke(session: Session, token: TokenRow, record: Record, actor: Actor, now: datetime) -> None:
    """Revoke the token inside a verb's transaction."""
    outcome = RequestStatus.CANCELLED if token.status is Status.PENDING else RequestStatus.VOID
    requests.end_pending(session, token, outcome, record, now)
    emergency_windows.end_open(session, token, End.REVOKED, record, actor, now)
    token.status = Status.REVOKED


def enable_token(token_id: str, reason: str, actor: Actor, now: datetime) -> Enabled:
    """Switch a disabled token on again. Taking back one's own disable of the last 30 minutes is free; otherwise it is a
    loosening, and waits for another person where the policy asks for one (a reason is then required)."""
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.ENABLE_TOKEN, Verb.ENABLE, actor, now)
        token = found.token
        if not may_enable(token.disabled_by_administrator, found.person.role):
            raise NotAllowed("An administrator disabled this token. Only an administrator enables it.")
        level = risk.highest(scope.risk for scope in scopes.held_by(session, token_id))
        disabled = Disabled(token.disabled_by, token.disabled_at)
        if edits.enabling_waits(disabled, found.person.id, level, policy.current(session), now):
            return _ask_to_enable(session, found, level, reason, actor, now)
        with recording(session, Action.TOKEN_ENABLED, token, actor, now, reason=_optional(reason)) as record:
            enable(token)
            requests.end_pending(session, token, RequestStatus.VOID, record, now)
        return Enabled(None)


def enable(token: TokenRow) -> None:
    """Switch the token on inside a verb's transaction."""
    token.status, token.disabled_by, token.disabled_at = Status.ACTIVE, None, None
    token.disabled_by_administrator = False


def _ask_to_enable(session: Session, found: Fetched, level: Risk, reason: str, actor: Actor, now: datetime) -> Enabled:
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.reason(reason)
    faults.refuse_if_any()
    change = FieldChange(edits.STATUS, Status.DISABLED.value, Status.ACTIVE.value)
    return Enabled(ask(session, found.token, found.person, [change], level, why, actor, now))


def _optional(reason: str) -> str:
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.optional_reason(reason)
    faults.refuse_if_any()
    return why

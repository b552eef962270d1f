"""Changes without end, in a process that is made to be killed; and what must be true of the rows it leaves."""

import contextlib
import itertools
import os
import random  # chooses what happens next in a test, nothing secret

from flask import Flask
from sqlalchemy.orm import Session

from app.clock import system_clock
from app.domain.errors import Refusal
from app.domain.identifiers import random_text
from app.domain.people import Person
from app.domain.roles import Role
from app.services.approvals import approve, cancel, reject
from app.services.emergency import activate_emergency_access, deactivate_emergency_access
from app.services.recording import plain
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.rotate import rotate_key
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db
from app.store.queries import approvals, history, tokens
from app.store.tables import ApprovalRequestRow, AuditEventRow, EmergencyWindowRow, KeyRow, TokenRow
from tests.cast import Cast
from tests.factories import actor

ADA = Person("", "Ada", "", Role.SUPERUSER)


def change_without_end(app: Flask, cast: Cast, seed: int, begin: int) -> None:
    """Issue, decide, rotate, open and switch tokens until somebody ends the process; say on `begin` when it is warm."""
    chance = random.Random(seed)
    for round_number in itertools.count():
        with app.app_context(), contextlib.suppress(Refusal):
            _change_once(cast, chance, f"{os.getpid()} {round_number}")
        if round_number == 0:
            os.write(begin, b"1")


def _change_once(cast: Cast, chance: random.Random, name: str) -> None:
    now, linus, grace = system_clock(), actor(cast.linus), actor(cast.grace)
    high = chance.random() < 0.5
    scope, reason = (cast.high, "It pays people out") if high else (cast.low, "")
    form = IssueForm(cast.billing, random_text(22), name, "", (scope,), "1 month", "", reason)
    issued = issue_token(form, linus, now)
    if issued.request_id is not None:
        view = approvals.find(db.session(), ADA, issued.request_id, now)
        assert view is not None
        match chance.choice(["approve", "reject", "cancel", "leave"]):
            case "approve":
                approve(view.id, view.fingerprint, "Looks right", grace, now)
            case "reject":
                reject(view.id, view.fingerprint, "Looks wrong", grace, now)
            case "cancel":
                cancel(view.id, linus, now)
    rotate_key(issued.token_id, tokens.live_keys(db.session(), issued.token_id, now)[0].id, "1 hour", linus, now)
    activate_emergency_access(issued.token_id, "1", "The network is down", actor(cast.ada), now)
    if chance.random() < 0.5:
        deactivate_emergency_access(issued.token_id, "", actor(cast.ada), now)
    disable_token(issued.token_id, "", linus, now)
    enable_token(issued.token_id, "", linus, now)
    revoke_token(issued.token_id, "", linus, now)


def assert_rows_and_events_agree(session: Session) -> None:
    """Every token's status, key and emergency access are what its last event says; nothing else is on either side."""
    found = session.query(TokenRow).all()
    assert {token.id for token in found} == {
        token_id for (token_id,) in session.query(AuditEventRow.token_id).filter(AuditEventRow.token_id.is_not(None))
    }
    for token in found:
        told = _told(session, token.id)
        current = session.query(KeyRow).filter_by(token_id=token.id, stops_at=None).one()
        request = session.query(ApprovalRequestRow).filter_by(token_id=token.id).one_or_none()
        assert told["status"] == token.status.value
        assert told["key"] == current.hint
        assert told.get("request", "pending") == (request.status.value if request else "pending")
        window = session.query(EmergencyWindowRow).filter_by(token_id=token.id).one_or_none()
        assert told.get("open until") == (plain(window.ended_at or window.ends_at) if window else None)
        rotations = sum(event.action == "token.rotated" for event in history.of_token(session, token.id))
        assert session.query(KeyRow).filter_by(token_id=token.id).count() == 1 + rotations


def _told(session: Session, token_id: str) -> dict[str, object]:
    told: dict[str, object] = {}
    for event in reversed(history.of_token(session, token_id)):
        for change in event.changes:
            match event.subject.kind, change["field"]:
                case ("token", "status") | ("request", "token status"):
                    told["status"] = change["after"]
                case ("token", "emergency access ends"):
                    told["open until"] = change["after"]
                case ("token", "key"):
                    told["key"] = change["after"]
                case ("request", "status"):
                    told["request"] = change["after"]
                case ("token", "approval request") if change["before"] == "pending":
                    told["request"] = change["after"]
    return told

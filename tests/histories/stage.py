"""The real program, with people at it: every step is a post to one of its routes."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.events import Action
from app.domain.identifiers import random_text
from app.domain.keys import PATTERN
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import approvals
from app.store.tables import (
    ApplicationMember,
    ApprovalRequestRow,
    AuditEventRow,
    KeyRow,
    TokenRow,
    TokenScope,
    UserRow,
)
from tests import factories
from tests.histories.facts import Content

REASON = "It is in the plan for this week"
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)
SIGNED_IN_FOR = timedelta(minutes=9)


@dataclass
class Stage:
    """One application and its people. Tokens and requests are numbered in the order in which they came."""

    app: Flask
    clock: FixedClock
    ids: dict[str, str] = field(default_factory=dict)
    application: str = ""
    tokens: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    _browsers: dict[str, FlaskClient] = field(default_factory=dict)
    _signed_in: dict[str, datetime] = field(default_factory=dict)

    def begin(self, people: dict[str, str], owner: str, members: list[str]) -> None:
        """Bring in the people, by name and role, and give the owner an application."""
        with self.app.app_context():
            for name, role in people.items():
                self.ids[name] = factories.make_person(f"{name}{random_text(6)}", Role(role), self.clock())
            team = tuple(self.ids[name] for name in members)
            self.application = factories.make_application(
                f"Till {random_text(8)}", self.ids[owner], self.clock(), members=team
            )

    def post(self, who: str, path: str, **fields: Any) -> bool:
        """Have somebody post; whether anything happened, by what the audit log says."""
        before = self._last_event()
        answer = self._browser(who).post(path, data=fields)
        assert answer.status_code < 500, f"{who} posted to {path} and was answered {answer.status}"
        happened = self._last_event() > before
        if happened:
            self._note(answer)
        return happened

    def get(self, who: str, path: str) -> str:
        """The text of a page that is there."""
        answer = self._browser(who).get(path)
        assert answer.status_code == 200
        return answer.text

    def forget_sign_ins(self) -> None:
        """Somebody's sessions may have ended."""
        self._signed_in.clear()

    # What people see before they act.

    def version(self, number: int) -> str:
        """What the form of the token brings along now."""
        with self.app.app_context():
            return str(db.session.get_one(TokenRow, self.tokens[number]).version)

    def fingerprint(self, number: int) -> str:
        """What the form of the request brings along now."""
        with self.app.app_context():
            found = approvals.find(db.session(), SEES_ALL, self.requests[number], self.clock())
        assert found is not None
        return found.fingerprint

    def email(self, who: str) -> str:
        with self.app.app_context():
            return db.session.get_one(UserRow, self.ids[who]).email

    def key_id(self, number: int) -> str:
        with self.app.app_context():
            current = (KeyRow.token_id == self.tokens[number], KeyRow.stops_at.is_(None))
            return db.session.scalars(select(KeyRow.id).where(*current)).one()

    # What is stored.

    def observed(self) -> tuple[list[tuple[str, Content]], list[str]]:
        """Status and content of every token, status of every request, as they are at this instant."""
        now = self.clock()
        with self.app.app_context():
            held: dict[str, set[str]] = {token_id: set() for token_id in self.tokens}
            for token_id, scope in db.session.execute(
                select(TokenScope.token_id, TokenScope.scope_name).where(TokenScope.token_id.in_(self.tokens))
            ):
                held[token_id].add(scope)
            rows = {row.id: row for row in db.session.scalars(select(TokenRow).where(TokenRow.id.in_(self.tokens)))}
            tokens = [
                (_stands(rows[one], now), Content(frozenset(held[one]), rows[one].expires_at)) for one in self.tokens
            ]
            asked = select(ApprovalRequestRow).where(ApprovalRequestRow.id.in_(self.requests))
            requests = {row.id: _waits(row, now) for row in db.session.scalars(asked)}
        return tokens, [requests[one] for one in self.requests]

    def standing(self) -> dict[str, tuple[str, bool, bool]]:
        """Of everybody: role, whether they are active, whether they are members."""
        with self.app.app_context():
            rows = db.session.execute(
                select(UserRow.id, UserRow.role, UserRow.active, ApplicationMember.user_id)
                .outerjoin(
                    ApplicationMember,
                    (ApplicationMember.user_id == UserRow.id) & (ApplicationMember.application_id == self.application),
                )
                .where(UserRow.id.in_(self.ids.values()))
            )
            found = {row[0]: (row[1].value, row[2], row[3] is not None) for row in rows}
        return {name: found[id_] for name, id_ in self.ids.items()}

    def says(self, number: int) -> dict[str, Any]:
        """What a program hears that shows the token's newest key."""
        headers = {"Authorization": f"Bearer {self.keys[self.tokens[number]]}"}
        return dict(self.app.test_client().get("/api/v1/self", headers=headers).get_json())

    # In the parts.

    def _note(self, answer: TestResponse) -> None:
        """Number what is new, and keep the key that the answer holds."""
        with self.app.app_context():
            of_application = (TokenRow.application_id == self.application, TokenRow.id.not_in(self.tokens))
            self.tokens += db.session.scalars(select(TokenRow.id).where(*of_application)).all()
            asked = select(ApprovalRequestRow.id).where(
                ApprovalRequestRow.application_id == self.application, ApprovalRequestRow.id.not_in(self.requests)
            )
            self.requests += db.session.scalars(asked).all()
            token_id = db.session.scalars(
                select(AuditEventRow.token_id).order_by(AuditEventRow.sequence.desc()).limit(1)
            ).one()
        found = re.search(PATTERN, answer.text) if answer.status_code == 200 else None
        if found and token_id:
            self.keys[token_id] = found.group()

    def _browser(self, who: str) -> FlaskClient:
        if who not in self._browsers:
            self._browsers[who] = self.app.test_client()
        if who not in self._signed_in or self.clock() - self._signed_in[who] > SIGNED_IN_FOR:
            with self.app.app_context():
                factories.sign_in(self._browsers[who], self.ids[who], self.clock())
            self._signed_in[who] = self.clock()
        return self._browsers[who]

    def _last_event(self) -> int:
        """The last that changed anything: that somebody was refused to decide their own request is in the log too."""
        changed = AuditEventRow.action != Action.APPROVAL_SELF_REFUSED.value
        with self.app.app_context():
            return db.session.scalar(select(func.max(AuditEventRow.sequence)).where(changed)) or 0


def _stands(row: TokenRow, now: datetime) -> str:
    if row.status.value == "pending" and row.lapses_at is not None and now >= row.lapses_at:
        return "rejected"
    ended = row.expires_at is not None and now >= row.expires_at
    return "expired" if ended and row.status.value in {"pending", "active", "disabled"} else row.status.value


def _waits(row: ApprovalRequestRow, now: datetime) -> str:
    return "expired" if row.status.value == "pending" and now >= row.expires_at else row.status.value

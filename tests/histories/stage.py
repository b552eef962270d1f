"""The real program, with people at it: every step is a post to one of its routes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.keys import PATTERN
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import approvals
from tests import factories
from tests.histories.ground import Ground
from tests.histories.world import World

REASON = "It is in the plan for this week"
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)
SIGNED_IN_FOR = timedelta(minutes=9)


@dataclass
class Stage:
    """The ground, on which nothing has happened yet. Tokens and requests are numbered in the order in which they
    came."""

    ground: Ground
    tokens: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    _browsers: dict[str, FlaskClient] = field(default_factory=dict)
    _signed_in: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ground.put_back()
        self._last, _ = self.ground.stored.last_change()

    @property
    def clock(self) -> FixedClock:
        return self.ground.clock

    # What people do.

    def post(self, who: str, path: str, **fields: Any) -> bool:
        """Have somebody post; whether anything happened, by what the audit log says."""
        answer = self._browser(who).post(path, data=fields)
        assert answer.status_code < 500, f"{who} posted to {path} and was answered {answer.status}"
        return self._happened(answer)

    def type_on_host(self, *command: str) -> bool:
        """Have somebody type a command at the machine; whether anything happened."""
        typed = self.ground.app.test_cli_runner().invoke(args=command)
        assert typed.exit_code == 0, typed.output
        return self._happened(None)

    def get(self, who: str, path: str) -> str:
        """The text of a page that is there."""
        answer = self._browser(who).get(path)
        assert answer.status_code == 200
        return answer.text

    def forget_sign_ins(self) -> None:
        """Somebody's sessions may have ended."""
        self._signed_in.clear()

    # What people see before they act, and what came of it.

    def version(self, table: str, key: object) -> str:
        """What the form about this row brings along now."""
        return self.ground.stored.version(table, key)

    def fingerprint(self, number: int) -> str:
        """What the form of the request brings along now."""
        with self.ground.app.app_context():
            found = approvals.find(db.session(), SEES_ALL, self.requests[number], self.clock())
        assert found is not None
        return found.fingerprint

    def key_id(self, number: int) -> str:
        """What the form that rotates the token's key brings along now."""
        return self.ground.stored.key_id(self.tokens[number])

    def world(self) -> World:
        """What is stored, as it is at this instant."""
        return self.ground.stored.world(self.tokens, self.requests, self.clock())

    def standing(self) -> Mapping[str, tuple[str, bool, bool]]:
        """Of everybody: role, whether they are active, whether they are members."""
        return self.ground.stored.standing()

    def says(self, number: int) -> dict[str, Any]:
        """What a program hears that shows the token's newest key."""
        headers = {"Authorization": f"Bearer {self.keys[self.tokens[number]]}"}
        return dict(self.ground.app.test_client().get("/api/v1/self", headers=headers).get_json())

    # In the parts.

    def _happened(self, answer: TestResponse | None) -> bool:
        before = self._last
        self._last, token_id = self.ground.stored.last_change()
        if self._last == before:
            return False
        self.tokens += self.ground.stored.new("token", self.tokens)
        self.requests += self.ground.stored.new("approval_request", self.requests)
        found = re.search(PATTERN, answer.text) if answer is not None and answer.status_code == 200 else None
        if found and token_id:
            self.keys[token_id] = found.group()
        return True

    def _browser(self, who: str) -> FlaskClient:
        if who not in self._browsers:
            self._browsers[who] = self.ground.app.test_client()
        if who not in self._signed_in or self.clock() - self._signed_in[who] > SIGNED_IN_FOR:
            with self.ground.app.app_context():
                factories.sign_in(self._browsers[who], self.ground.ids[who], self.clock())
            self._signed_in[who] = self.clock()
        return self._browsers[who]

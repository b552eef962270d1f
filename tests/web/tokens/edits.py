"""Tokens to edit, and their forms as a browser sends them."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import TokenRequest
from tests.cast import Cast
from tests.web.tokens.conftest import ADA, REASON, House, Issue, Visitor

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHY = "The batch moved to another service"
HIDDEN = re.compile(r'<input type="hidden" name="(version|seen)" value="([^"]*)"')


def address(token_id: str, part: str) -> str:
    return f"/tokens/{token_id}/edit/{part}"


def opened(visitor: Visitor, token_id: str, part: str) -> dict[str, str]:
    """What the form of a part brings along."""
    answer = visitor.get(address(token_id, part))
    assert answer.status_code == 200
    return dict(HIDDEN.findall(answer.text))


def save(visitor: Visitor, token_id: str, part: str, **typed: Any) -> TestResponse:
    """Open the form of a part, change what is typed, press Save changes."""
    return visitor.post(address(token_id, part), **{"reason": WHY, **opened(visitor, token_id, part), **typed})


@pytest.fixture
def low(issue: Issue) -> str:
    """An active token with a Low scope."""
    return issue().token_id


@pytest.fixture
def medium(issue: Issue, house: House, cast: Cast) -> str:
    """An approved token with a Low and a Medium scope, for a month."""
    issued = issue(name="Writer", description="Writes", scopes=(cast.low, cast.medium), reason=REASON)
    house.approve(issued)
    return issued.token_id


def waiting(house: House, token_id: str) -> TokenRequest:
    """The request about the token that waits."""
    with house.app.app_context():
        found = approvals.of_token(db.session(), ADA, token_id, house.clock(), only_waiting=True)
    assert isinstance(found, TokenRequest)
    return found


def held(house: House, token_id: str) -> list[str]:
    return [scope.name for scope in house.token(token_id).scopes]

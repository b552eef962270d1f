"""The approval policy as a page: who sees it, what saving does, and that a second person decides (SPEC 7)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.risk import Risk
from app.store.database import db
from app.store.queries import policy
from tests.cast import Cast
from tests.conftest import KEYS, SESSION
from tests.web.approvals.conftest import Desk, Sit, sit

__all__ = ["sit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "It stands in the plan for this week"


def save(desk: Desk, level: str, approval: str, reason: str = WHY, **fields: str) -> TestResponse:
    """Choose at one risk, say why, press Save changes."""
    page = desk.open("/settings")
    form = page[page.index(f'action="/settings/policy/{level}"') :]
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', form[: form.index("</form>")]))
    return desk.client.post(
        f"/settings/policy/{level}", data={**hidden, "approval": approval, "reason": reason, **fields}
    )


def asks(app: Flask, level: Risk) -> bool:
    with app.app_context():
        return policy.current(db.session()).asks_at(level)


def request_on(desk: Desk) -> str:
    found = re.search(r'href="(/approvals/req_\w+)"', desk.open("/settings"))
    assert found
    return found[1]


def test_a_superuser_tightens_and_it_holds_at_once(app: Flask, cast: Cast, sit: Sit) -> None:
    ada = sit(cast.ada)
    assert save(ada, "low", "ask").status_code == 303
    assert asks(app, Risk.LOW)
    assert "Saved. It holds from now on" in ada.open("/settings")


def test_relaxing_is_a_request_that_somebody_else_approves(app: Flask, cast: Cast, sit: Sit) -> None:
    ada, grace = sit(cast.ada), sit(cast.grace)
    assert save(ada, "high", "do-not-ask").status_code == 303
    assert asks(app, Risk.HIGH)
    path = request_on(ada)
    assert "nobody decides their own request" in ada.open(path)

    page = grace.open(path)
    assert "asks to relax the approval policy" in page
    assert "Approval at High risk" in page
    assert WHY in page
    answer = grace.client.post(f"{path}/approve", data={**grace.fields(path), "comment": "Agreed in the meeting"})

    assert answer.status_code == 303
    assert not asks(app, Risk.HIGH)
    assert "Agreed in the meeting" in ada.open(path)


def test_deciding_it_asks_for_the_password_whatever_its_risk(
    app: Flask, cast: Cast, sit: Sit, clock: FixedClock
) -> None:
    ada, grace = sit(cast.ada), sit(cast.grace)
    save(ada, "medium", "do-not-ask")
    path = request_on(ada)
    clock.advance(timedelta(minutes=11))
    answer = grace.client.post(f"{path}/approve", data=grace.fields(path))
    assert 'name="password_again"' in answer.text
    assert asks(app, Risk.MEDIUM)


def test_saving_asks_for_the_password(app: Flask, cast: Cast, sit: Sit, clock: FixedClock) -> None:
    ada = sit(cast.ada)
    clock.advance(timedelta(minutes=11))
    assert 'name="password_again"' in save(ada, "low", "ask").text
    assert not asks(app, Risk.LOW)


@pytest.mark.parametrize("who", ["linus", "grace"])
def test_nobody_else_sees_or_saves_it(app: Flask, cast: Cast, sit: Sit, who: str) -> None:
    desk = sit(getattr(cast, who))
    assert desk.client.get("/settings").status_code == 403
    assert desk.post("/settings/policy/low", version="1", approval="ask", reason=WHY).status_code == 403
    assert not asks(app, Risk.LOW)
    assert "/settings" not in desk.open("/approvals")


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"reason": "short"}, "at least 10 characters"), ({"approval": "perhaps"}, "Choose one of the two")],
)
def test_what_does_not_fit_is_said_where_it_was_typed(
    app: Flask, cast: Cast, sit: Sit, typed: dict[str, str], says: str
) -> None:
    answer = save(sit(cast.ada), "low", **{"approval": "ask", "reason": WHY, **typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert typed.get("reason", WHY) in answer.text
    assert not asks(app, Risk.LOW)


def test_of_two_superusers_at_once_the_second_is_told(app: Flask, cast: Cast, sit: Sit) -> None:
    ada = sit(cast.ada)
    save(ada, "low", "ask")
    answer = save(ada, "low", "do-not-ask", version="1")
    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text
    assert asks(app, Risk.LOW)


def test_a_second_request_about_the_same_risk_is_refused(cast: Cast, sit: Sit) -> None:
    ada = sit(cast.ada)
    save(ada, "high", "do-not-ask")
    assert save(ada, "high", "do-not-ask").status_code == 409


@pytest.mark.parametrize("word", ["none", "HIGH", "%00"])
def test_a_risk_that_is_none_is_not_found(cast: Cast, sit: Sit, word: str) -> None:
    fields = {"version": "1", "approval": "ask", "reason": WHY}
    assert sit(cast.ada).post(f"/settings/policy/{word}", **fields).status_code == 404


def test_the_environment_is_shown_without_its_secrets(cast: Cast, sit: Sit) -> None:
    page = sit(cast.ada).open("/settings")
    for text in ("DATABASE_URL", "sqlite:///", "KEY_SECRETS", "1: set, not shown", "TRUSTED_PROXIES"):
        assert text in page
    assert KEYS not in page
    assert SESSION not in page

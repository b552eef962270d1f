"""One scope as a page: edited in place, retired, added, and a second person asked where it is loosened (SPEC 4)."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.store.database import db
from app.store.queries import scopes
from tests.cast import Cast
from tests.web.approvals.conftest import Desk, Sit, ask, sit

__all__ = ["ask", "sit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "It stands in the plan for this week"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
HIDDEN = re.compile(r'name="(csrf_token|version)"[^>]*value="([^"]*)"')
NEW = {"name": "shop:read", "risk": "low", "category": "Shop", "permissions": "GET /shop"}


def stored(app: Flask, name: str) -> Scope | None:
    with app.app_context():
        return scopes.catalogue(db.session()).get(name)


def scope(app: Flask, name: str) -> Scope:
    found = stored(app, name)
    assert found is not None
    return found


def save(desk: Desk, name: str, verb: str = "", *, headers: dict[str, str] | None = None, **typed: str) -> TestResponse:
    """Open the scope, type, and press the button."""
    page = desk.open(f"/scopes/{name}")
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
    return desk.client.post(f"/scopes/{name}{verb}", data={**fields, "reason": WHY, **typed}, headers=headers)


def test_a_raised_risk_holds_at_once(app: Flask, cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    assert save(grace, cast.low, risk="high", permissions="GET /api/invoices").status_code == 303
    assert scope(app, cast.low).risk is Risk.HIGH
    assert "Saved. It holds from now on." in grace.open(f"/scopes/{cast.low}")


def test_a_lowered_risk_is_a_request_that_somebody_else_approves(app: Flask, cast: Cast, sit: Sit) -> None:
    grace, barbara = sit(cast.grace), sit(cast.barbara)
    save(grace, cast.high, risk="low", permissions="POST /api/payouts")
    assert scope(app, cast.high).risk is Risk.HIGH
    found = re.search(r'href="(/approvals/req_\w+)"', grace.open(f"/scopes/{cast.high}"))
    assert found
    assert "Risk: High → Low" in barbara.open(found[1])

    barbara.client.post(f"{found[1]}/approve", data={**barbara.fields(found[1]), "comment": "Agreed at the meeting"})

    assert scope(app, cast.high).risk is Risk.LOW


def test_retiring_and_offering_again(app: Flask, cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    assert save(grace, cast.low, "/retire").status_code == 303
    assert scope(app, cast.low).retired
    assert save(grace, cast.low, "/offer").status_code == 303
    assert scope(app, cast.low).retired
    assert "A change of this scope waits" in grace.open(f"/scopes/{cast.low}")


def test_a_refused_reason_opens_the_dialog_again_with_what_was_typed(app: Flask, cast: Cast, sit: Sit) -> None:
    answer = save(sit(cast.grace), cast.low, "/retire", reason="short")
    assert answer.status_code == 422
    assert 'id="retire"' in answer.text
    assert ">short</textarea>" in answer.text
    assert not scope(app, cast.low).retired


@pytest.mark.parametrize("headers", [None, HTMX])
def test_what_does_not_fit_is_kept_and_said(app: Flask, cast: Cast, sit: Sit, headers: dict[str, str] | None) -> None:
    answer = save(sit(cast.grace), cast.low, headers=headers, risk="low", permissions="LOOK /here", category="Till")
    assert answer.status_code == 422
    assert "Begin with one of" in answer.text
    assert "LOOK /here" in answer.text
    assert 'value="Till"' in answer.text
    assert ("<html" in answer.text) is (headers is None)


def test_of_two_administrators_at_once_the_second_is_told(app: Flask, cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    save(grace, cast.low, risk="medium")
    answer = save(grace, cast.low, risk="high", version="1", description="My words")
    assert answer.status_code == 409
    assert "Somebody changed this scope" in answer.text
    assert "My words" in answer.text
    assert scope(app, cast.low).risk is Risk.MEDIUM


def test_a_new_scope_is_added(app: Flask, cast: Cast, sit: Sit) -> None:
    answer = sit(cast.grace).post("/scopes/new", **NEW)
    assert (answer.status_code, answer.location) == (303, "/scopes/shop:read")
    assert scope(app, "shop:read").permissions == ("GET /shop",)


@pytest.mark.parametrize("typed", [{"name": "Shop"}, {"name": "invoice:read"}, {"risk": ""}])
def test_a_new_scope_that_does_not_fit_is_kept_and_said(cast: Cast, sit: Sit, typed: dict[str, str]) -> None:
    answer = sit(cast.grace).post("/scopes/new", **{**NEW, **typed})
    assert answer.status_code == 422
    assert 'value="Shop"' in answer.text


@pytest.mark.parametrize("who", ["linus", "sam"])
def test_members_read_and_change_nothing(app: Flask, cast: Cast, sit: Sit, who: str) -> None:
    desk = sit(getattr(cast, who))
    page = desk.open(f"/scopes/{cast.low}")
    assert "GET /api/invoices/*" in page
    assert "Save changes" not in page
    sent: dict[str, Any] = {"version": "1", "risk": "high", "reason": WHY, "name": "shop:read"}
    for address in (f"/scopes/{cast.low}", f"/scopes/{cast.low}/retire", f"/scopes/{cast.low}/offer", "/scopes/new"):
        assert desk.post(address, **sent).status_code == 403
    assert scope(app, cast.low).risk is Risk.LOW
    assert stored(app, "shop:read") is None


@pytest.mark.parametrize("name", ["shop:read", "Nonsense", "%00", "a" * 3000])
def test_what_is_not_there_is_not_found(cast: Cast, sit: Sit, name: str) -> None:
    grace = sit(cast.grace)
    assert grace.client.get(f"/scopes/{name}").status_code == 404
    assert grace.post(f"/scopes/{name}", version="1", risk="high", reason=WHY).status_code == 404


def test_the_password_is_asked_for_again(app: Flask, cast: Cast, sit: Sit, clock: FixedClock) -> None:
    grace = sit(cast.grace)
    clock.advance(timedelta(minutes=11))
    assert 'name="password_again"' in save(grace, cast.low, risk="high").text
    assert scope(app, cast.low).risk is Risk.LOW

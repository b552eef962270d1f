"""Activating emergency access on the Security tab: SPEC 10, TRAPS B1 to B3."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.roles import Role
from app.services.people_standing import change_role
from app.services.tokens.switch import disable_token
from tests import factories, people
from tests.cast import Cast
from tests.web.emergency.conftest import HTMX, REASON, activate, region, windows
from tests.web.forms import as_read
from tests.web.tokens.conftest import Visit, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def test_it_opens_and_says_until_when(ada: Visitor, app: Flask, token_id: str, clock: FixedClock) -> None:
    answer = activate(ada, token_id, "3")

    assert (answer.status_code, answer.location) == (303, f"/tokens/{token_id}/security")
    [row] = windows(app)
    assert (row.token_id, row.ends_at, row.reason) == (token_id, clock() + 3 * HOUR, REASON)
    page = ada.get(answer.location).text
    assert "restrictions are lifted until 23 Nov 2026 15:00 UTC" in as_read(page)
    assert "3 hours left" in region(page)
    assert f"“{REASON}”" in region(page)
    assert ">Deactivate</button>" in region(page)
    assert "Activate emergency access" not in region(page)


def test_the_form_stands_in_its_region_with_its_labels(ada: Visitor, token_id: str) -> None:
    shown = region(ada.get(f"/tokens/{token_id}/security").text)

    assert 'aria-labelledby="emergency-title"' in shown
    assert '<h2 id="emergency-title">Emergency access</h2>' in shown
    assert ">Duration (hours)</label>" in shown
    assert ">Reason</label>" in shown
    assert ">Activate emergency access</button>" in shown


@pytest.mark.parametrize("hours", ["0", "9", "−1", "1.5", "nan", "1e1", "８", "True", "", "1000000000"])
def test_a_duration_that_is_none_is_a_fault_of_the_form(ada: Visitor, app: Flask, token_id: str, hours: str) -> None:
    answer = activate(ada, token_id, hours)

    assert answer.status_code == 422
    shown = region(answer.text)
    assert "Enter a whole number of hours, from 1 to 8." in shown
    assert f'name="hours" type="text" value="{hours}"' in shown
    assert f"{REASON}</textarea>" in shown
    assert windows(app) == []


@pytest.mark.parametrize(("reason", "said"), [("", "Say why"), ("too short", "Say why"), ("x" * 2001, "at most 2,000")])
def test_a_reason_that_is_none_too(ada: Visitor, app: Flask, token_id: str, reason: str, said: str) -> None:
    answer = activate(ada, token_id, "2", reason)

    assert answer.status_code == 422
    assert said in region(answer.text)
    assert 'value="2"' in region(answer.text)
    assert windows(app) == []


def test_a_reason_that_holds_a_key_is_refused_and_not_repeated(ada: Visitor, app: Flask, token_id: str) -> None:
    key = "pst_" + "A" * 49
    answer = activate(ada, token_id, "2", f"The key is {key}")

    assert answer.status_code == 422
    assert "contains a key" in answer.text
    assert key not in answer.text
    assert windows(app) == []


def test_an_open_window_is_not_extended_and_what_was_typed_is_not_taken(ada: Visitor, app: Flask, opened: str) -> None:
    answer = activate(ada, opened, "8", "It takes longer than we thought")

    assert answer.status_code == 409
    assert "open already, until 23 Nov 2026 14:00 UTC" in region(answer.text)
    assert "Nothing was changed now." in region(answer.text)
    assert len(windows(app)) == 1


def test_the_form_says_what_is_left_of_the_day_and_holds_to_it(
    ada: Visitor, app: Flask, token_id: str, clock: FixedClock
) -> None:
    activate(ada, token_id, "7")
    clock.advance(7 * HOUR)
    assert "now there is room for 1 hour." in region(ada.get(f"/tokens/{token_id}/security").text)

    answer = activate(ada, token_id, "2", password_again="")

    assert len(windows(app)) == 1
    assert "Your password, once more" in answer.text
    ada.sign_in_again()
    answer = activate(ada, token_id, "2")
    assert answer.status_code == 422
    assert "at most 8 hours in any 24. Now there is room for 1 hour." in region(answer.text)


def test_a_password_typed_long_ago_is_asked_for_and_what_was_typed_is_kept(
    app: Flask, visit: Visit, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    vera = visit(people.add(app, "Vera", clock(), Role.SUPERUSER))
    clock.advance(timedelta(minutes=10))

    asked = activate(vera, token_id, "4")

    assert asked.status_code == 200
    assert "Your password, once more" in asked.text
    assert f'name="reason" value="{REASON}"' in asked.text
    assert 'name="hours" value="4"' in asked.text
    assert activate(vera, token_id, "4", password_again="wrong").status_code == 422
    assert windows(app) == []
    assert activate(vera, token_id, "4", password_again=people.PASSWORD).status_code == 303
    assert len(windows(app)) == 1


@pytest.mark.parametrize(("who", "status"), [("linus", 403), ("margaret", 403), ("grace", 403), ("sam", 404)])
def test_nobody_else_may_and_nobody_else_is_asked_for_a_password(
    visit: Visit, app: Flask, token_id: str, cast: Cast, clock: FixedClock, who: str, status: int
) -> None:
    visitor = visit(getattr(cast, who))
    clock.advance(timedelta(minutes=11))

    assert activate(visitor, token_id).status_code == status
    assert windows(app) == []


@pytest.mark.parametrize("who", ["linus", "margaret", "grace"])
def test_they_see_what_is_so_without_a_form(visit: Visit, token_id: str, cast: Cast, who: str) -> None:
    shown = region(visit(getattr(cast, who)).get(f"/tokens/{token_id}/security").text)

    assert "Only superusers activate it" in shown
    assert "<form" not in shown


def test_who_was_demoted_in_the_meantime_is_signed_out_and_after_that_refused(
    ada: Visitor, app: Flask, token_id: str, root: str, cast: Cast, clock: FixedClock
) -> None:
    with app.app_context():
        change_role(cast.ada, "administrator", factories.actor(root), clock())

    assert activate(ada, token_id).status_code == 401
    ada.sign_in_again()
    assert activate(ada, token_id).status_code == 403
    assert windows(app) == []


def test_only_an_active_token_is_opened(ada: Visitor, app: Flask, token_id: str, cast: Cast, clock: FixedClock) -> None:
    with app.app_context():
        disable_token(token_id, "", factories.actor(cast.linus), clock())

    assert "this one is disabled" in region(ada.get(f"/tokens/{token_id}/security").text)
    answer = activate(ada, token_id)
    assert answer.status_code == 409
    assert "This token is disabled" in region(answer.text)


def test_with_htmx_a_fault_is_the_region_and_success_the_whole_page(ada: Visitor, token_id: str) -> None:
    headers = {name.replace("_", "-"): value for name, value in HTMX.items()}
    path, fields = f"/tokens/{token_id}/emergency/activate", {"csrf_token": ada.form_token, "reason": REASON}

    fault = ada.client.post(path, data={**fields, "hours": "9"}, headers=headers)
    done = ada.client.post(path, data={**fields, "hours": "1"}, headers=headers)

    assert fault.status_code == 422
    assert "<html" not in fault.text
    assert 'id="tabbed"' not in fault.text
    assert "from 1 to 8" in region(fault.text)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/tokens/{token_id}/security")


def test_a_post_from_elsewhere_opens_nothing(ada: Visitor, app: Flask, token_id: str) -> None:
    fields = {"hours": "1", "reason": REASON}
    assert ada.client.post(f"/tokens/{token_id}/emergency/activate", data=fields).status_code == 400
    assert ada.get(f"/tokens/{token_id}/emergency/activate").status_code == 405
    assert windows(app) == []

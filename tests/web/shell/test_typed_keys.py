"""A key that was pasted where it does not belong comes back in no page."""

from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain import keys
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor, fields, house, issue, key_in, linus, visit

__all__ = ["House", "Issue", "billing", "house", "issue", "linus", "visit"]
KEY = keys.make()
PASTED = f"I pasted {KEY} here by mistake"


@pytest.fixture
def billing(app: object, cast: Cast) -> str:
    return f"/applications/{cast.billing}"


@pytest.mark.parametrize(
    ("path", "status", "typed"),
    [
        ("/applications/new", 422, {"name": PASTED, "description": PASTED}),
        ("{billing}/settings", 422, {"version": "1", "name": PASTED, "description": PASTED}),
        ("{billing}/disable", 422, {"reason": PASTED}),
        ("{billing}/members", 422, {"email": PASTED}),
        ("{billing}/settings/owner", 422, {"version": "1", "email": PASTED}),
        ("{billing}/credentials/new", 422, fields(PASTED, description=PASTED, reason=PASTED)),
    ],
)
def test_a_refused_form_keeps_the_text_around_it(
    linus: Visitor, billing: str, path: str, status: int, typed: dict[str, str]
) -> None:
    answer = linus.post(path.format(billing=billing), **typed)

    assert answer.status_code == status
    assert KEY not in answer.text
    assert f"I pasted {keys.hint(KEY)} here by mistake" in answer.text


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_comment_does_not_give_it_back(visit: Visit, cast: Cast, house: House, issue: Issue, verb: str) -> None:
    request = house.request(issue(name="Payouts", scopes=(cast.high,), reason="Payday is on Friday").token_id)
    grace = visit(cast.grace)

    refused = grace.post(f"/approvals/{request.id}/{verb}", fingerprint=request.fingerprint, comment=PASTED)
    changed = grace.post(f"/approvals/{request.id}/{verb}", fingerprint="of another time", comment=PASTED)

    assert (refused.status_code, changed.status_code) in {(422, 409), (422, 422)}
    assert KEY not in refused.text + changed.text


def test_a_late_form_does_not_give_it_back(linus: Visitor, billing: str, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=9))

    asked = linus.post(f"{billing}/disable", reason=PASTED)

    assert asked.status_code in {400, 401}
    assert KEY not in asked.text


@pytest.mark.parametrize("path", ["/applications?q=", "/tokens/", "/nowhere/"])
def test_an_address_does_not_give_it_back(linus: Visitor, path: str) -> None:
    assert KEY not in linus.get(path + KEY).text


def test_the_new_key_is_shown_though_another_was_sent_along(linus: Visitor, billing: str) -> None:
    answer = linus.post(f"{billing}/credentials/new", **fields("Nightly", nonsense=KEY))

    assert answer.status_code == 200
    assert key_in(answer) != KEY

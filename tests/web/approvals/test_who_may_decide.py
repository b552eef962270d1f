"""Who may decide a request, and what everybody else is told (SPEC 2 and 7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.lifecycle import Status
from app.domain.roles import Role
from app.store.database import transaction
from app.store.queries.approvals import TokenRequest
from app.store.tables import ApplicationRow, UserRow
from tests import factories, people
from tests.cast import Cast
from tests.web.approvals.conftest import Ask, Asked, Desk, Sit

# A page: what it does to the database is tried on both in tests/services/approvals.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMMENT = "I say so myself"
Stored = Callable[[Asked], TokenRequest]
TokenStatus = Callable[[Asked], Status]


def post_by_hand(desk: Desk, asked: Asked, stored: Stored, verb: str) -> int:
    """The status of a decision that no page offered."""
    fields = {"fingerprint": stored(asked).fingerprint, "comment": COMMENT}
    return desk.post(f"{asked.path}/{verb}", **fields).status_code


def hand_billing_to(app: Flask, billing: str, person_id: str, clock: FixedClock) -> None:
    with app.app_context(), transaction() as session:
        row = session.get_one(ApplicationRow, billing)
        row.owner_id = person_id
        factories.change(session, row, clock())


def test_the_requester_reads_why_there_are_no_buttons_and_who_can_decide(cast: Cast, ask: Ask, sit: Sit) -> None:
    page = sit(cast.linus).open(ask().path)
    assert "nobody decides their own request" in page
    assert "Ada or Barbara or Grace" in page
    assert "Approve</button>" not in page
    assert "Comment" not in page


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_nobody_decides_their_own_request_whatever_their_role(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, stored: Stored, who: str
) -> None:
    requester = getattr(cast, who)
    hand_billing_to(app, cast.billing, requester, clock)
    asked, desk = ask(by=requester), sit(requester)
    assert "Approve</button>" not in desk.open(asked.path)
    assert [post_by_hand(desk, asked, stored, verb) for verb in ("approve", "reject")] == [403, 403]
    assert stored(asked).status == "pending"


def test_a_member_who_sees_the_request_may_not_decide_it(
    cast: Cast, ask: Ask, sit: Sit, stored: Stored, token_status: TokenStatus
) -> None:
    asked, margaret = ask(), sit(cast.margaret)
    page = margaret.open(asked.path)
    assert "Administrators decide requests." in page
    assert "Approve</button>" not in page
    assert post_by_hand(margaret, asked, stored, "approve") == 403
    assert token_status(asked) is Status.PENDING


@pytest.mark.parametrize("verb", ["approve", "reject", "cancel"])
def test_for_a_stranger_there_is_no_such_request(
    cast: Cast, ask: Ask, sit: Sit, stored: Stored, token_status: TokenStatus, verb: str
) -> None:
    asked, sam = ask(), sit(cast.sam)
    assert sam.client.get(asked.path).status_code == 404
    assert post_by_hand(sam, asked, stored, verb) == 404
    assert token_status(asked) is Status.PENDING


@pytest.mark.parametrize("request_id", ["req_0000000000000000000000", "nonsense", "%00", "é", "a" * 5000])
def test_a_request_that_is_not_there_is_404(cast: Cast, sit: Sit, request_id: str) -> None:
    ada = sit(cast.ada)
    assert ada.client.get(f"/approvals/{request_id}").status_code == 404
    assert ada.post(f"/approvals/{request_id}/approve", fingerprint="x").status_code == 404


def test_who_is_not_signed_in_is_asked_to(app: Flask, ask: Ask) -> None:
    asked = ask()
    answer = app.test_client().get(asked.path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


def test_a_demotion_between_opening_and_posting_holds(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(), sit(cast.grace)
    shown = grace.fields(asked.path)
    with app.app_context(), transaction() as session:
        row = session.get_one(UserRow, cast.grace)
        row.role = Role.MEMBER
        factories.change(session, row, clock())

    answer = grace.client.post(f"{asked.path}/approve", data={**shown, "comment": COMMENT})

    assert answer.status_code == 404
    assert token_status(asked) is Status.PENDING


def test_where_nobody_else_could_decide_the_page_says_so_and_what_to_do(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    for administrator in (cast.ada, cast.grace, cast.barbara):
        people.deactivate(app, administrator, clock())
    page = sit(cast.linus).open(ask().path)
    assert "There is nobody else who could" in page
    assert "makes somebody else an administrator" in page


@pytest.mark.parametrize(
    ("column", "of_requester", "sentence"),
    [
        ("created_by", True, "You made Linus’s account."),
        ("password_link_by", True, "Linus’s password was last set by a link that you made."),
        ("created_by", False, "Linus made your account."),
        ("password_link_by", False, "Your password was last set by a link that Linus made."),
    ],
)
def test_a_decider_is_warned_where_one_person_may_stand_behind_both(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, column: str, of_requester: bool, sentence: str
) -> None:
    asked, grace, barbara = ask(), sit(cast.grace), sit(cast.barbara)
    assert "not independent" not in grace.open(asked.path)
    with app.app_context(), transaction() as session:
        row = session.get_one(UserRow, cast.linus if of_requester else cast.grace)
        setattr(row, column, cast.grace if of_requester else cast.linus)
        factories.change(session, row, clock())

    assert sentence in grace.open(asked.path)
    assert "not independent" not in barbara.open(asked.path)


def test_the_badge_counts_what_this_person_could_decide(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    ask()
    badge = '1<span class="sr-only"> waiting</span>'
    assert badge in sit(cast.grace).open("/approvals")
    assert badge not in sit(cast.linus).open("/approvals")
    clock.advance(timedelta(days=7))
    assert badge not in sit(cast.grace).open("/approvals")

"""What a second person approved last stands beside what would be (SPEC 7)."""

from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import FixedClock
from app.services.scopes.edit import ScopeForm, edit_scope
from app.services.tokens.edit import EditForm, edit_token
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db, transaction
from app.store.queries import approvals, scopes, tokens
from app.store.queries.approvals import Wanted
from app.store.tables import ApprovalRequestRow, UserRow
from tests import factories
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.web.approvals.conftest import SEES_ALL, Ask, Asked, Desk, Sit

database_url = on_sqlite
WHY = "The batch moved to another service"
CARD = 'id="card-approved-last"'


class Cells(HTMLParser):
    """The rows of the tables in a piece of a page, each as the texts of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows, self._open = list[list[str]](), False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def card(desk: Desk, asked: Asked) -> str:
    """The part of the request's page that tells of what was approved last; empty where there is none."""
    _, _, after = desk.open(asked.path).partition(CARD)
    return unescape(after.partition("</section>\n</section>")[0]) if after else ""


def told(desk: Desk, asked: Asked) -> dict[str, list[str]]:
    """By field: what was approved last, and what would be."""
    rows = Cells(card(desk, asked)).rows
    assert rows[:1] == [["Field", "Approved last", "If approved"]]
    return {name.strip(): [cell.strip() for cell in cells] for name, *cells in rows[1:]}


@pytest.fixture
def approved(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> Asked:
    """A Medium token of Linus that Grace approved, a day ago."""
    asked = ask(scope=cast.medium, name="writer")
    assert sit(cast.grace).decide(asked, "approve").status_code == 303
    clock.advance(timedelta(days=1))
    return asked


def edit(app: Flask, cast: Cast, token_id: str, clock: FixedClock, **typed: object) -> Asked:
    """Linus edits the token; the request, where that waits."""
    with app.app_context():
        token = tokens.find(db.session(), SEES_ALL, token_id, clock())
        assert token is not None
        form = EditForm(token_id, str(token.version), reason=WHY, **typed)  # type: ignore[arg-type]
        return Asked(edit_token(form, factories.actor(cast.linus), clock()).request_id or "", token_id)


def asks_to_pay(app: Flask, cast: Cast, token_id: str, clock: FixedClock) -> Asked:
    return edit(app, cast, token_id, clock, scopes=(cast.medium, cast.high), expires="1 year")


@pytest.mark.parametrize("who", ["grace", "barbara", "ada", "linus", "margaret"])
def test_what_was_tightened_since_shows_as_it_was_approved_to_everybody_who_sees_the_request(
    app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock, who: str
) -> None:
    edit(app, cast, approved.token_id, clock, expires="1 week", name="morning writer")
    asked = asks_to_pay(app, cast, approved.token_id, clock)

    desk = sit(getattr(cast, who))

    assert told(desk, asked) == {
        "Name": ["writer", "morning writer"],
        "Expires at": ["23 Dec 2026 12:00 UTC", "1 year after approval"],
    }
    assert "Grace approved on" in card(desk, asked)
    assert "23 Nov 2026 12:00 UTC" in card(desk, asked)
    assert "not in force any more" in card(desk, asked)


def test_a_stranger_sees_nothing_of_it(app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock) -> None:
    asked = asks_to_pay(app, cast, approved.token_id, clock)
    answer = sit(cast.sam).client.get(asked.path)
    assert answer.status_code == 404
    assert "Grace" not in answer.text


def test_where_it_is_still_in_force_one_sentence_says_so(
    app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock
) -> None:
    found = card(sit(cast.barbara), asks_to_pay(app, cast, approved.token_id, clock))
    assert "what is in force." in found
    assert "<table" not in found


def test_it_is_what_was_approved_last_and_not_first(
    app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock
) -> None:
    first = asks_to_pay(app, cast, approved.token_id, clock)
    assert sit(cast.barbara).decide(first, "approve", "Checked with finance").status_code == 303
    clock.advance(timedelta(days=1))
    edit(app, cast, approved.token_id, clock, scopes=(cast.high,))

    asked = edit(app, cast, approved.token_id, clock, scopes=(cast.high, cast.low))

    assert told(sit(cast.grace), asked) == {
        "Scopes": ["invoice:write\npayout:create", "invoice:read\npayout:create"],
    }
    assert "Barbara approved on" in card(sit(cast.grace), asked)


def test_what_one_person_issued_nobody_approved(app: Flask, cast: Cast, sit: Sit, clock: FixedClock) -> None:
    form = IssueForm(cast.billing, "f" * 22, "reader", "", (cast.low,), "1 month", "", "")
    with app.app_context():
        token_id = issue_token(form, factories.actor(cast.linus), clock()).token_id
    assert "No second person ever approved" in card(sit(cast.grace), asks_to_pay(app, cast, token_id, clock))


def test_of_a_new_token_nothing_was_approved_before(cast: Cast, ask: Ask, sit: Sit) -> None:
    assert card(sit(cast.grace), ask()) == ""


def test_what_was_approved_before_it_was_kept_is_said_to_be_unknown(
    app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(ApprovalRequestRow).values(agreed=None))
        factories.change(session, session.get_one(UserRow, cast.linus), clock())
    found = card(sit(cast.grace), asks_to_pay(app, cast, approved.token_id, clock))
    assert "What that was is not known" in found


def test_a_decided_request_says_no_more_of_it(
    app: Flask, cast: Cast, approved: Asked, sit: Sit, clock: FixedClock
) -> None:
    asked, grace = asks_to_pay(app, cast, approved.token_id, clock), sit(cast.grace)
    grace.decide(asked, "reject", "Not now")
    assert card(grace, asked) == ""


def test_a_scope_that_was_tightened_since_shows_as_it_was_approved(
    app: Flask, cast: Cast, sit: Sit, clock: FixedClock
) -> None:
    def edited(risk: str) -> Asked:
        with app.app_context():
            found = scopes.find(db.session(), cast.high)
            assert found is not None
            form = ScopeForm(risk, description=found.scope.description, permissions="POST /api/payouts", reason=WHY)
            edit_scope(cast.high, str(found.version), form, factories.actor(cast.grace), clock())
            waiting = approvals.waiting(db.session(), SEES_ALL, Wanted(), clock()).views
        return Asked(waiting[0].id, "") if waiting else Asked("", "")

    assert sit(cast.barbara).decide(edited("medium"), "approve", "It is insured").status_code == 303
    clock.advance(timedelta(hours=1))
    edited("high")

    asked = edited("low")

    assert told(sit(cast.barbara), asked) == {"Risk": ["Medium", "Low"]}

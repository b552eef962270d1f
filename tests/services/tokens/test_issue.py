"""Issuing a token: SPEC 5."""

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import FixedClock
from app.domain import keys
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.identifiers import random_text
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services.tokens.issue import AlreadyIssued
from app.services.tokens.switch import revoke_token
from app.store import audit_chain, secrets
from app.store.database import db
from app.store.queries import approvals, history, tokens
from app.store.queries.approvals import Wanted
from app.store.queries.tokens import TokenView
from app.store.tables import AuditEventRow, KeyRow, TokenRow
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

ADA = Person("", "Ada", "", Role.SUPERUSER)
REASON = "Month-end batch runs need it"


def seen(token_id: str, clock: FixedClock) -> TokenView:
    found = tokens.find(db.session(), ADA, token_id, clock())
    assert found is not None
    return found


def test_a_low_token_is_active_at_once(issue: Issue, clock: FixedClock) -> None:
    issued = issue()

    token = seen(issued.token_id, clock)
    assert token.status is Status.ACTIVE
    assert token.risk is Risk.LOW
    assert token.effective_at == clock()
    assert token.expires_at == datetime(2026, 12, 23, 12, 0, tzinfo=UTC)
    assert issued.request_id is None


@pytest.mark.parametrize("scope", ["medium", "high"])
def test_a_risky_token_is_born_pending_with_a_request(issue: Issue, cast: Cast, clock: FixedClock, scope: str) -> None:
    issued = issue(scopes=(cast.low, getattr(cast, scope)), reason=REASON)

    token = seen(issued.token_id, clock)
    assert token.status is Status.PENDING
    assert token.expires_at is None
    assert token.lapses_at == clock() + timedelta(days=7)
    waiting = approvals.waiting(db.session(), ADA, Wanted(), clock()).views
    assert [request.id for request in waiting] == [issued.request_id]
    assert isinstance(waiting[0], approvals.TokenRequest)
    assert waiting[0].people == ["Linus", "Margaret"]


def test_the_key_is_well_formed_and_only_its_digest_is_stored(issue: Issue) -> None:
    issued = issue()

    assert keys.is_well_formed(issued.key)
    row = db.session.query(KeyRow).one()
    assert row.digest == keys.digest(issued.key, secrets.current().current_key)
    stored = [
        str(getattr(one, column.key)) for one in (row, db.session.query(TokenRow).one()) for column in one.__table__.c
    ]
    assert not any(keys.occurs_in(text) for text in stored)


def test_issuing_is_one_event_without_the_key(issue: Issue, cast: Cast) -> None:
    issued = issue()

    event = history.of_token(db.session(), issued.token_id)[0]
    assert event.action == "token.issued"
    assert event.actor_id == cast.linus
    assert {"field": "key", "before": None, "after": issued.hint} in event.changes
    assert issued.key not in str(event)
    assert len(history.of_token(db.session(), issued.token_id)) == 1
    assert audit_chain.first_break(db.session()) is None


def test_the_same_form_twice_issues_one_token(issue: Issue) -> None:
    form_id = random_text(22)
    first = issue(form_id=form_id)

    with pytest.raises(AlreadyIssued) as refused:
        issue(form_id=form_id, name="Another name")

    assert refused.value.token_id == first.token_id
    assert db.session.query(TokenRow).count() == 1


def test_another_persons_form_with_the_same_id_is_another_form(issue: Issue, cast: Cast) -> None:
    form_id = random_text(22)
    issue(form_id=form_id)

    assert issue(by=cast.margaret, form_id=form_id, name="Margaret's own").key


@pytest.mark.parametrize("form_id", ["", "short", "x" * 23, "é" * 22, "../../etc/passwd/aaaaaa"])
def test_a_form_without_its_id_is_refused(issue: Issue, form_id: str) -> None:
    with pytest.raises(Conflict):
        issue(form_id=form_id)


def test_a_teammate_may_issue(issue: Issue, cast: Cast) -> None:
    assert issue(by=cast.margaret).key


def test_a_stranger_hears_that_there_is_nothing(issue: Issue, cast: Cast) -> None:
    with pytest.raises(NotFound):
        issue(by=cast.sam)


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_an_administrator_who_is_not_of_the_application_never_gets_a_key(issue: Issue, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        issue(by=getattr(cast, who))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "NUL\0"}, "name"),
        ({"name": "zero\u200bwidth"}, "name"),
        ({"name": "right\u202eto left"}, "name"),
        ({"name": "surrogate\ud800"}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"description": keys.make()}, "description"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("invoice:*",)}, "scopes"),
        ({"scopes": ("no:such",)}, "scopes"),
        ({"scopes": tuple(f"r{n}:read" for n in range(51))}, "scopes"),
        ({"expires": ""}, "expires"),
        ({"expires": "2 weeks"}, "expires"),
        ({"expires": "custom", "expires_on": ""}, "expires_on"),
        ({"expires": "custom", "expires_on": "2026-02-30"}, "expires_on"),
        ({"expires": "custom", "expires_on": "2026-11-22"}, "expires_on"),
        ({"expires": "custom", "expires_on": "9999-12-31"}, "expires_on"),
        ({"expires": "custom", "expires_on": "2027-01-31T00:00+14:00"}, "expires_on"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_bad_input_names_its_field_and_issues_nothing(issue: Issue, typed: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        issue(**typed)

    assert list(refused.value.fields) == [field]
    assert db.session.query(TokenRow).count() == 0
    assert db.session.query(AuditEventRow).filter_by(action="token.issued").count() == 0


@pytest.mark.parametrize("reason", ["", " " * 20, "\u200b" * 12, "short", "a" * 9, "x" * 2001])
def test_a_risky_token_takes_a_proper_reason(issue: Issue, cast: Cast, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        issue(scopes=(cast.high,), reason=reason)

    assert list(refused.value.fields) == ["reason"]


def test_all_faults_are_told_at_once(issue: Issue) -> None:
    with pytest.raises(Invalid) as refused:
        issue(name="", scopes=(), expires="")

    assert list(refused.value.fields) == ["name", "scopes", "expires"]


@pytest.mark.parametrize("name", ["nightly REPORT", "  Nightly report ", "Ｎightly report", "Nightly  report"])
def test_a_live_name_is_taken_however_it_is_written(issue: Issue, name: str) -> None:
    issue()

    with pytest.raises(Invalid) as refused:
        issue(name=name)

    assert list(refused.value.fields) == ["name"]


def test_the_name_of_a_final_token_is_free_again(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    first = issue()
    revoke_token(first.token_id, "", actor(cast.linus), clock())
    assert issue().token_id != first.token_id

    clock.advance(timedelta(days=31))
    assert issue().key


def test_a_custom_date_counts_to_its_end(issue: Issue, clock: FixedClock) -> None:
    issued = issue(expires="custom", expires_on="2026-11-23")

    assert seen(issued.token_id, clock).expires_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_token_may_be_issued_without_expiration(issue: Issue, clock: FixedClock) -> None:
    assert seen(issue(expires="never").token_id, clock).expires_at is None

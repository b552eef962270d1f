"""Adding and removing members: SPEC 2 and 3."""

import dataclasses

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.services.applications.people import add_member, remove_member
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.rotate import rotate_key
from app.services.tokens.switch import revoke_token
from app.store.database import db, transaction
from app.store.queries import approvals, tokens
from app.store.tables import UserRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import ADA, Events, People


def form(cast: Cast, name: str, scope: str) -> IssueForm:
    return IssueForm(cast.billing, name.ljust(22, "0"), name, "", (scope,), "1 month", "", "Payday is on Friday")


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_the_owner_and_administrators_add_members(people: People, cast: Cast, clock: FixedClock, who: str) -> None:
    assert add_member(cast.billing, " Sam@Example.com ", actor(getattr(cast, who)), clock()) == "Sam"

    assert people() == [("Linus", "owner"), ("Margaret", "member"), ("Sam", "member")]


def test_adding_is_one_event_that_names_the_person(
    events: Events, people: People, cast: Cast, clock: FixedClock
) -> None:
    add_member(cast.billing, "sam@example.com", actor(cast.linus), clock())

    assert events()[0].action == "member.added"
    assert events()[0].changes == ({"field": "member", "before": None, "after": "Sam"},)


@pytest.mark.parametrize("email", ["nobody@example.com", "nonsense", "a\x00b@example.com", "%", "x" * 5000])
def test_an_unknown_email_is_said_to_be_nobodys(people: People, cast: Cast, clock: FixedClock, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_member(cast.billing, email, actor(cast.linus), clock())
    assert refused.value.fields["email"].startswith("Nobody here has this email.")


def test_somebody_who_was_deactivated_is_as_unknown(people: People, cast: Cast, clock: FixedClock) -> None:
    with transaction() as session:
        row = session.get_one(UserRow, cast.sam)
        row.active = False
        factories.change(session, row, clock())

    with pytest.raises(Invalid) as refused:
        add_member(cast.billing, "sam@example.com", actor(cast.linus), clock())
    assert refused.value.fields["email"].startswith("Nobody here has this email.")


def test_no_email_is_said_to_be_missing(people: People, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        add_member(cast.billing, "  ", actor(cast.linus), clock())
    assert refused.value.fields == {"email": "Enter an email."}


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("margaret@example.com", "Margaret is a member already."),
        ("linus@example.com", "Linus owns this application already."),
    ],
)
def test_whoever_works_on_it_is_not_added_twice(
    people: People, cast: Cast, clock: FixedClock, email: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_member(cast.billing, email, actor(cast.linus), clock())
    assert refused.value.fields == {"email": sentence}
    assert people() == [("Linus", "owner"), ("Margaret", "member")]


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_an_administrator_does_not_let_themselves_in(people: People, cast: Cast, clock: FixedClock, who: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        add_member(cast.billing, f"{who}@example.com", actor(getattr(cast, who)), clock())
    assert refused.value.code == "own_addition"
    assert len(people()) == 2


def test_another_administrator_may_be_let_in(people: People, cast: Cast, clock: FixedClock) -> None:
    add_member(cast.billing, "barbara@example.com", actor(cast.grace), clock())

    assert ("Barbara", "member") in people()


def test_a_member_adds_and_removes_nobody(people: People, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        add_member(cast.billing, "sam@example.com", actor(cast.margaret), clock())
    with pytest.raises(NotAllowed):
        remove_member(cast.billing, cast.margaret, actor(cast.margaret), clock())
    assert len(people()) == 2


def test_a_stranger_sees_nothing_to_add_to(people: People, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        add_member(cast.billing, "sam@example.com", actor(cast.sam), clock())
    with pytest.raises(NotFound):
        remove_member(cast.billing, cast.margaret, actor(cast.sam), clock())


def test_whoever_was_removed_is_a_stranger_at_once(
    events: Events, people: People, cast: Cast, clock: FixedClock
) -> None:
    removed = remove_member(cast.billing, cast.margaret, actor(cast.linus), clock())

    assert removed.name == "Margaret"
    assert people() == [("Linus", "owner")]
    assert events()[0].action == "member.removed"
    assert events()[0].changes == ({"field": "member", "before": "Margaret", "after": None},)
    with pytest.raises(NotFound):
        issue_token(form(cast, "Nightly", cast.low), actor(cast.margaret), clock())


def test_the_live_keys_that_the_leaver_was_shown_are_named(people: People, cast: Cast, clock: FixedClock) -> None:
    hers = issue_token(form(cast, "Nightly", cast.low), actor(cast.margaret), clock())
    issue_token(form(cast, "Weekly", cast.low), actor(cast.linus), clock())

    removed = remove_member(cast.billing, cast.margaret, actor(cast.linus), clock())

    assert [(key.token_id, key.token_name, key.hint) for key in removed.keys] == [(hers.token_id, "Nightly", hers.hint)]


def test_keys_that_stopped_and_keys_of_other_applications_are_not_named(
    people: People, cast: Cast, clock: FixedClock
) -> None:
    shop = factories.make_application("Shop", cast.sam, clock(), members=(cast.margaret,))
    rotated, gone = (issue_token(form(cast, name, cast.low), actor(cast.margaret), clock()) for name in ("One", "Two"))
    issue_token(dataclasses.replace(form(cast, "Other", cast.low), application_id=shop), actor(cast.margaret), clock())
    key = tokens.live_keys(db.session(), rotated.token_id, clock())[0]
    rotate_key(rotated.token_id, key.id, "immediately", actor(cast.linus), clock())
    revoke_token(gone.token_id, "", actor(cast.linus), clock())

    assert remove_member(cast.billing, cast.margaret, actor(cast.linus), clock()).keys == ()


def test_what_the_leaver_asked_for_is_cancelled_in_the_same_event(
    events: Events, people: People, cast: Cast, clock: FixedClock
) -> None:
    asked = issue_token(form(cast, "Payouts", cast.high), actor(cast.margaret), clock())
    kept = issue_token(form(cast, "Others", cast.high), actor(cast.linus), clock())
    before = len(events())

    remove_member(cast.billing, cast.margaret, actor(cast.linus), clock())

    assert asked.request_id is not None
    assert kept.request_id is not None
    hers, his = (approvals.find(db.session(), ADA, one, clock()) for one in (asked.request_id, kept.request_id))
    token = tokens.find(db.session(), ADA, asked.token_id, clock())
    assert hers is not None
    assert his is not None
    assert token is not None
    assert (hers.status, his.status, token.status) == ("cancelled", "pending", "rejected")
    assert len(events()) == before + 1
    assert {"field": f"approval request {asked.request_id}", "before": "pending", "after": "cancelled"} in events()[
        0
    ].changes


@pytest.mark.parametrize("person_id", ["", "usr_\x00", "linus", "sam"])
def test_who_is_no_member_is_not_removed(people: People, cast: Cast, clock: FixedClock, person_id: str) -> None:
    with pytest.raises(Conflict):
        remove_member(cast.billing, getattr(cast, person_id, person_id), actor(cast.linus), clock())
    assert len(people()) == 2

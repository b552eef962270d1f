from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import FixedClock
from app.domain.emails import account_name
from app.domain.errors import Invalid, NotAllowed
from app.domain.events import Action, Subject
from app.domain.people import Actor
from app.domain.roles import Role
from app.services import host
from app.services.links import make_link
from app.services.people import add_person
from app.services.recording import append_event
from app.store.database import db, transaction
from app.store.queries.people import account_named
from app.store.tables import UserRow
from tests import factories, people

MARGARET = ("margaret@example.com", "Margaret", "member")
ANONYMOUS = Actor(None, "")


@pytest.mark.usefixtures("app_context")
def test_a_superuser_adds_a_person(app: Flask, clock: FixedClock) -> None:
    ada = factories.actor(factories.make_person("Ada", Role.SUPERUSER, clock()), "Ada")
    added = add_person(*MARGARET, ada, clock())
    event = people.events(app, "user.added")[-1]
    assert (event.actor_name, event.subject_id) == ("Ada", added.user_id)


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR])
def test_nobody_else_does(clock: FixedClock, role: Role) -> None:
    somebody = factories.actor(factories.make_person("Somebody", role, clock()))
    impostor = factories.actor(somebody.person_id or "", host.CONSOLE.name)
    for actor in (somebody, impostor, ANONYMOUS):
        with pytest.raises(NotAllowed):
            add_person(*MARGARET, actor, clock())
        with pytest.raises(NotAllowed):
            make_link(somebody.person_id or "", actor, clock())


@pytest.mark.usefixtures("app_context")
def test_everything_wrong_is_said_at_once(clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        add_person("no address", " ", "king", host.CONSOLE, clock())
    assert set(refused.value.fields) == {"email", "name", "role"}


def test_adding_twice_at_once_adds_one(app: Flask, clock: FixedClock) -> None:
    def add(_: int) -> str:
        with app.app_context():
            try:
                return add_person(*MARGARET, host.CONSOLE, clock()).user_id
            except Invalid:
                return ""

    with ThreadPoolExecutor(8) as pool:
        assert len([one for one in pool.map(add, range(8)) if one]) == 1
    assert len(people.events(app)) == 1


@pytest.mark.usefixtures("app_context")
def test_an_email_that_folds_to_more_than_fits_is_refused(clock: FixedClock) -> None:
    with pytest.raises(Invalid, match="plain letters") as refused:
        add_person("\ufdfa" * 30 + "@example.com", "Margaret", "member", host.CONSOLE, clock())
    assert set(refused.value.fields) == {"email"}


def test_nobody_is_found_by_a_text_that_is_no_email(app: Flask, clock: FixedClock) -> None:
    with app.app_context():
        nameless = factories.make_person("Nameless", Role.SUPERUSER, clock())
        with transaction() as session:
            session.execute(update(UserRow).where(UserRow.id == nameless).values(email_folded=""))
            append_event(session, Action.USER_UPDATED, Subject("user", nameless, "Nameless"), host.CONSOLE, clock())
        assert account_named(db.session(), account_name("no address"), None) is None

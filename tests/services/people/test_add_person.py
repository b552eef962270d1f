from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.errors import Invalid, NotAllowed
from app.domain.people import Actor
from app.domain.roles import Role
from app.services import host
from app.services.links import make_link
from app.services.people import add_person
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

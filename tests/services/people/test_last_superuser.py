"""One active superuser is left, whatever two people do at once: SPEC 2."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.errors import Refusal
from app.domain.people import Actor
from app.domain.roles import Role
from app.services import host
from app.services.people_standing import change_role, deactivate
from app.store.database import db
from app.store.tables import UserRow
from tests import factories
from tests.cast import Cast

ROUNDS = 20
Verb = Callable[[str, Actor, datetime], str]


def demote(person_id: str, actor: Actor, now: datetime) -> str:
    return change_role(person_id, "member", actor, now)


def superusers(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(UserRow.id).where(UserRow.role == Role.SUPERUSER, UserRow.active)))


@pytest.fixture
def another(app: Flask, clock: FixedClock) -> Callable[[int], str]:
    """Make another superuser."""

    def make(number: int) -> str:
        with app.app_context():
            return factories.make_person(f"Superuser{number}", Role.SUPERUSER, clock())

    return make


@pytest.mark.parametrize("by", ["each other", "themselves", "the host"])
@pytest.mark.parametrize("verb", [demote, deactivate])
def test_of_two_who_go_at_once_one_stays(
    app: Flask, cast: Cast, clock: FixedClock, another: Callable[[int], str], verb: Verb, by: str
) -> None:
    def run(start: Barrier, person_id: str, actor: Actor) -> bool:
        with app.app_context():
            start.wait()
            try:
                verb(person_id, actor, clock())
            except Refusal:
                return False
            return True

    for number in range(ROUNDS):
        [first], second = superusers(app), another(number)
        actors = {
            "each other": [factories.actor(second), factories.actor(first)],
            "themselves": [factories.actor(first), factories.actor(second)],
            "the host": [host.CONSOLE, host.CONSOLE],
        }[by]
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(run, [start] * 2, [first, second], actors))
        assert sorted(done) == [False, True]
        assert len(superusers(app)) == 1

"""A query that is written once finds, for each who asks, what they may see and nothing else (SPEC 2)."""

from typing import Any

import pytest
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.exc import StatementError

from app.clock import FixedClock
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import visible
from app.store.queries.prepared import prepared
from app.store.tables import ApplicationRow
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("app_context")


@prepared
def named(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(ApplicationRow.name).where(ApplicationRow.name == bindparam("name"), seen)


def found(person: Person, **parameters: object) -> list[str]:
    return [name for (name,) in named.ask(db.session(), person, **parameters)]


@pytest.mark.parametrize(
    ("who", "role", "is_seen"),
    [
        ("linus", Role.MEMBER, True),
        ("margaret", Role.MEMBER, True),
        ("sam", Role.MEMBER, False),
        ("grace", Role.ADMINISTRATOR, True),
        ("ada", Role.SUPERUSER, True),
    ],
)
def test_each_person_is_told_what_the_rule_lets_them_see(cast: Cast, who: str, role: Role, is_seen: bool) -> None:
    person = Person(getattr(cast, who), who, "", role)
    by_rule = db.session.scalars(select(ApplicationRow.name).where(visible.to(person))).all()
    assert found(person, name="Billing") == list(by_rule) == (["Billing"] if is_seen else [])


def test_people_who_ask_by_turns_are_not_taken_for_each_other(cast: Cast, clock: FixedClock) -> None:
    factories.make_application("Shipping", cast.sam, clock())
    linus, sam = Person(cast.linus, "Linus", "", Role.MEMBER), Person(cast.sam, "Sam", "", Role.MEMBER)
    asked = [found(person, name=name) for person in (linus, sam, linus) for name in ("Billing", "Shipping")]
    assert asked == [["Billing"], [], [], ["Shipping"], ["Billing"], []]


def test_a_parameter_that_was_forgotten_is_an_error_and_not_an_empty_answer(cast: Cast) -> None:
    with pytest.raises(StatementError, match="value is required for bind parameter 'name'"):
        found(Person(cast.linus, "Linus", "", Role.MEMBER))

"""Queries that are written once and asked by everybody.

Writing a statement takes Python as long as the database needs to answer it, and meanwhile no verification goes on. So
what pages ask most is not written anew for each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Result, String, bindparam, true
from sqlalchemy.orm import Session

from app.domain.people import Person
from app.store.queries import visible

# The id of the person who asks.
VIEWER = bindparam("viewer", type_=String)


@dataclass(frozen=True)
class Prepared:
    """A query in its two forms: about everything, and about what the one who asks owns or works on."""

    everything: Executable
    own: Executable

    def ask(self, session: Session, person: Person, **parameters: object) -> Result[*tuple[Any, ...]]:
        """What is found for this person, with values for the parameters that the query names."""
        statement = self.everything if visible.sees_all(person) else self.own
        return session.execute(statement, {VIEWER.key: person.id, **parameters})


def prepared(write: Callable[[ColumnElement[bool]], Executable]) -> Prepared:
    """The query that `write` makes of the condition under which an application is visible to the one who asks."""
    return Prepared(everything=write(true()), own=write(visible.worked_on_by_user(VIEWER)))

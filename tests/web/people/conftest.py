"""People's pages in the browsers of the cast."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.people import Person
from app.store.database import db
from app.store.tables import UserRow
from tests import people
from tests.cast import Cast
from tests.web.tokens.conftest import Issue, Visit, Visitor, issue, visit

__all__ = ["Issue", "Visit", "Visitor", "issue", "visit"]

OTHERS = ["grace", "linus", "margaret", "sam"]
LINK = re.compile(r"http://[^<\s]+/welcome/(\w{43})")


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@dataclass(frozen=True)
class Look:
    """People behind the pages."""

    app: Flask

    def at(self, person_id: str) -> Person:
        with self.app.app_context():
            return db.session.get_one(UserRow, person_id).person

    def up(self, email: str) -> UserRow | None:
        """The person with this email."""
        with self.app.app_context():
            return db.session.query(UserRow).filter_by(email_folded=email).one_or_none()


@pytest.fixture
def look(app: Flask) -> Look:
    return Look(app)


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    """The superuser's browser."""
    return visit(cast.ada)


def secret_in(answer: TestResponse) -> str:
    """The secret of the one link that an answer holds."""
    found: list[str] = LINK.findall(answer.text)
    assert len(found) == 1, f"{len(found)} links in an answer with status {answer.status_code}"
    return found[0]

"""Verifications that no usage count has are told to whoever runs Postern (SPEC 13)."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store import usage
from app.store.database import transaction
from tests.cast import Cast
from tests.web.tokens.conftest import Visit, visit

__all__ = ["visit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOLD = "in no count"


@pytest.fixture
def dropped(app: Flask, cast: Cast, clock: FixedClock) -> None:
    with app.app_context(), transaction() as session:
        usage.write_drops(session, {clock() - timedelta(days=days): 600 for days in (1, 2, 40)})


def test_administrators_are_told_how_many_of_the_last_month(dropped: None, visit: Visit, cast: Cast) -> None:
    for person in (cast.grace, cast.ada):
        page = visit(person).get("/").text
        assert "1,200 verifications of the last 30 days are in no count" in page


def test_nobody_else_is_told(dropped: None, visit: Visit, cast: Cast) -> None:
    assert TOLD not in visit(cast.linus).get("/").text


def test_where_everything_was_counted_there_is_nothing_to_tell(visit: Visit, cast: Cast) -> None:
    assert TOLD not in visit(cast.ada).get("/").text

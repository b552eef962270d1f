"""The example is for trying things on: it says so where it is looked at, and is not made for others to reach."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.cli import example
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import applications, token_pages, tokens
from app.store.queries import example as progress

ADA = Person("", "Ada", "", Role.SUPERUSER)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "postern.example.com"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_printed_passwords_are_not_made_where_others_can_reach_the_server(
    another_app: Callable[..., Flask], host: str
) -> None:
    app = another_app(HOST=host)

    result = app.test_cli_runner().invoke(args=["example", "fill"])

    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert f"HOST={host}" in result.output
    with app.app_context():
        assert not progress.has_active_people(db.session())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_made_up_says_so_where_it_is_looked_at(app: Flask) -> None:
    with app.app_context():
        example.fill(NOW, "http://127.0.0.1:8000")
        said = dict(descriptions())

    assert all(text.startswith("Example") for text in said.values()), said
    assert [name for name in sorted(said) if "made up" in said[name]] == ["invoice-worker", "monthly-report"]


def descriptions() -> Iterator[tuple[str, str]]:
    """What the pages of each application and token say about it."""
    for one in applications.listed(db.session(), ADA, NOW).lines:
        application = applications.find(db.session(), ADA, one.id)
        assert application is not None
        yield application.name, application.description
        for line in token_pages.page(db.session(), ADA, one.id, NOW).lines:
            token = tokens.find(db.session(), ADA, line.id, NOW)
            assert token is not None
            yield token.name, token.description

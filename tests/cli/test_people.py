from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.clock import FixedClock
from app.store.database import db
from app.store.queries.people import account_named
from tests import people
from tests.people import OTHER_PASSWORD, PASSWORD
from tests.web.forms import sign_in, submit

HERE = "http://127.0.0.1:8000"


def path_of(output: str) -> str:
    """The path of the printed link."""
    link = output.splitlines()[0]
    assert link.startswith(f"{HERE}/welcome/")
    return link.removeprefix(HERE)


def test_a_person_is_added_and_lets_themselves_in(app: Flask, runner: FlaskCliRunner, client: FlaskClient) -> None:
    result = runner.invoke(args=["people", "add", "grace@example.com", "--name", "Grace", "--role", "administrator"])
    assert result.exit_code == 0, result.output
    link = path_of(result.output)
    assert "the host&#39;s console" in client.get(link).text
    submit(client, link, password=PASSWORD)
    assert sign_in(client, "grace@example.com", PASSWORD).status_code == 303
    assert "Administrator" in client.get("/account").text
    assert people.events(app, "user.added")[0].actor_name == "the host's console"


def test_who_is_added_is_a_member_unless_said_otherwise(app: Flask, runner: FlaskCliRunner) -> None:
    runner.invoke(args=["people", "add", "linus@example.com", "--name", "Linus"])
    with app.app_context():
        account = account_named(db.session(), "linus@example.com", None)
    assert account is not None
    assert account.person.role == "member"


@pytest.mark.parametrize("email", ["linus@example.com", "LINUS@example.com", "ｌinus@example.com"])
def test_nobody_is_added_twice(app: Flask, runner: FlaskCliRunner, clock: FixedClock, email: str) -> None:
    people.add(app, "Linus", clock())
    result = runner.invoke(args=["people", "add", email, "--name", "Linus"])
    assert result.exit_code == 1
    assert "there already" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["no address", "--name", "Linus"],
        ["linus@example.com", "--name", ""],
        ["linus@example.com", "--name", "x" * 101],
        ["linus@example.com", "--name", "Linus", "--role", "king"],
    ],
)
def test_bad_input_adds_nobody(app: Flask, runner: FlaskCliRunner, arguments: list[str]) -> None:
    assert runner.invoke(args=["people", "add", *arguments]).exit_code != 0
    assert people.events(app) == []


def test_who_lost_a_password_gets_a_link(
    app: Flask, runner: FlaskCliRunner, client: FlaskClient, clock: FixedClock
) -> None:
    people.add(app, "Linus", clock())
    result = runner.invoke(args=["people", "reset", "Linus@Example.com"])
    assert result.exit_code == 0, result.output
    submit(client, path_of(result.output), password=OTHER_PASSWORD)
    assert sign_in(client, "linus@example.com", OTHER_PASSWORD).status_code == 303
    [event] = people.events(app, "user.link_made")
    assert {"field": "link for", "before": None, "after": "Linus"} in event.changes


def test_nobody_and_deactivated_people_get_none(app: Flask, runner: FlaskCliRunner, clock: FixedClock) -> None:
    people.deactivate(app, people.add(app, "Linus", clock()), clock())
    for email, said in (("linus@example.com", "deactivated"), ("nobody@example.com", "Nobody here")):
        result = runner.invoke(args=["people", "reset", email])
        assert result.exit_code == 1
        assert said in result.output
    assert people.events(app, "user.link_made") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_was_never_migrated_is_one_line(another_app: Callable[..., Flask], tmp_path: Path) -> None:
    empty = another_app(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    for arguments in (["people", "reset", "linus@example.com"], ["people", "add", "linus@example.com", "--name", "L"]):
        result = empty.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 1
        assert result.output.startswith("Error: The database's schema is behind")
        assert result.output.count("\n") == 1

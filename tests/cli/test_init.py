from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.clock import FixedClock
from app.domain.approval import Policy
from app.domain.risk import Risk
from app.store import schema
from app.store.database import db
from app.store.queries import people as queries
from app.store.queries import policy
from tests import people
from tests.web.forms import sign_in

INIT = ("postern", "init", "--email", "ada@example.com", "--name", "Ada")


def test_the_first_superuser_signs_in_with_the_printed_password(
    app: Flask, runner: FlaskCliRunner, client: FlaskClient
) -> None:
    result = runner.invoke(args=[*INIT, "--approval", "medium-and-high"])
    assert result.exit_code == 0, result.output
    [line] = [line for line in result.output.splitlines() if line.startswith("superuser ada@example.com ")]
    password = line.split()[-1]
    assert sign_in(client, "ada@example.com", password).status_code == 303
    assert "Superuser" in client.get("/account").text
    [event] = people.events(app, "installation.initialised")
    assert event.actor_name == "the host's console"
    assert password not in str([vars(each) for each in people.events(app)])


@pytest.mark.parametrize(
    ("answer", "asks_at"),
    [
        ("medium-and-high", {Risk.MEDIUM, Risk.HIGH}),
        ("high", {Risk.HIGH}),
        ("all", set(Risk)),
        ("none", set()),
    ],
)
def test_the_approval_policy_is_set_as_answered(
    app: Flask, runner: FlaskCliRunner, answer: str, asks_at: set[Risk]
) -> None:
    assert runner.invoke(args=[*INIT, "--approval", answer]).exit_code == 0
    with app.app_context():
        assert policy.current(db.session()) == Policy(frozenset(asks_at))


def test_what_is_not_given_is_asked_for(app: Flask, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["postern", "init"], input="ada@example.com\nAda\n\n")
    assert result.exit_code == 0, result.output
    assert len(people.events(app)) == 1


def test_where_people_exist_already_nothing_is_done(app: Flask, runner: FlaskCliRunner, clock: FixedClock) -> None:
    people.add(app, "Linus", clock())
    result = runner.invoke(args=[*INIT, "--approval", "none"])
    assert result.exit_code != 0
    assert "People exist already" in result.output
    assert len(people.events(app)) == 1


@pytest.mark.parametrize(("email", "name"), [("not an address", "Ada"), ("ada@example.com", " "), ("", "")])
def test_bad_input_is_one_line_and_nothing_is_done(app: Flask, runner: FlaskCliRunner, email: str, name: str) -> None:
    result = runner.invoke(args=["postern", "init", "--email", email, "--name", name, "--approval", "high"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert people.events(app) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_database_is_migrated_first(another_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = another_app(DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    result = app.test_cli_runner().invoke(args=[*INIT, "--approval", "high"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert schema.fault() is None
        assert queries.exist(db.session())


def test_migrating_what_is_migrated_changes_nothing(app: Flask, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["postern", "migrate"]).exit_code == 0
    assert people.events(app) == []

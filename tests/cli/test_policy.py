"""`flask policy`: the way of an installation with one person (SPEC 7)."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.domain.risk import Risk
from app.store.database import db
from app.store.queries import policy
from tests import people
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "Nobody else works here yet"


def asks(app: Flask, level: Risk) -> bool:
    with app.app_context():
        return policy.current(db.session()).asks_at(level)


def test_it_is_relaxed_at_once_and_the_log_says_that_it_was_the_host(
    app: Flask, cast: Cast, runner: FlaskCliRunner
) -> None:
    answer = runner.invoke(args=["policy", "set", "medium", "do-not-ask", "--reason", WHY])

    assert answer.exit_code == 0
    assert answer.output == "At medium risk nobody else is asked from now on.\n"
    assert not asks(app, Risk.MEDIUM)
    [event] = people.events(app, "policy.set")
    assert (event.actor_name, event.reason) == ("the host's console", WHY)


def test_the_same_again_is_said_and_is_no_event(app: Flask, cast: Cast, runner: FlaskCliRunner) -> None:
    answer = runner.invoke(args=["policy", "set", "high", "ask", "--reason", WHY])
    assert answer.output == "At high risk a second person is asked, as before.\n"
    assert people.events(app, "policy.set") == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["medium", "do-not-ask", "--reason", "because"], "at least 10 characters"),
        (["grave", "ask", "--reason", WHY], "grave"),
        (["low", "perhaps", "--reason", WHY], "perhaps"),
    ],
)
def test_what_does_not_fit_is_one_line_and_changes_nothing(
    app: Flask, cast: Cast, runner: FlaskCliRunner, typed: list[str], says: str
) -> None:
    answer = runner.invoke(args=["policy", "set", *typed])
    assert answer.exit_code != 0
    assert says in answer.output
    assert people.events(app, "policy.set") == []


def test_it_is_shown(cast: Cast, runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["policy", "show"]).output == "low do-not-ask\nmedium ask\nhigh ask\n"

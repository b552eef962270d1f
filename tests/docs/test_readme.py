"""The README does what it says."""

import re
import shlex

import pytest
from flask import Flask

from app.clock import system_clock
from app.domain.people import Actor
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import example, people
from tests.docs.documents import answer, blocks
from tests.real.postern import PosternServer

# The example is for an empty SQLite file.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = re.compile(r"pst_[0-9A-Za-z]{49}")


def printed_curl(server: PosternServer) -> str:
    return next(line for line in server.output.splitlines() if line.startswith("curl "))


def test_the_printed_line_answers_as_shown_until_the_token_is_disabled(app: Flask, server: PosternServer) -> None:
    curl = printed_curl(server)
    shown = re.findall(r'"(\w+)":', blocks("json")[0])
    first = answer(curl)
    assert first["valid"] is True
    assert list(first)[:5] == ["valid", "code", "token_id", "application", "scopes"]
    assert set(shown) <= set(first) | set(first["application"])

    with app.app_context():
        linus = people.account_named(db.session(), "linus@example.com", None)
        assert linus is not None
        disable_token(first["token_id"], "", Actor(linus.person.id, "Linus"), system_clock())

    assert answer(curl)["code"] == "DISABLED"


def test_a_service_asks_as_shown(server: PosternServer) -> None:
    caller, token = KEY.findall(printed_curl(server))
    shown = next(block for block in blocks("sh") if block.startswith("curl "))
    command = shown.replace("http://127.0.0.1:8000", server.url)
    assert answer(command, {"POSTERN_KEY": caller, "TOKEN": token})["valid"] is True


def test_keys_and_passwords_are_printed_on_the_first_start_only(server: PosternServer) -> None:
    first = server.output
    server.stop()
    server.start()
    again = server.output.removeprefix(first)
    assert KEY.search(first)
    assert f"Postern is at {server.url}" in again
    assert "pst_" not in again
    assert "@example.com" not in again


def test_the_example_is_removed_and_the_first_superuser_made(app: Flask, server: PosternServer) -> None:
    shown = next(block for block in blocks("sh") if "example remove" in block)
    remove, init = (shlex.split(line)[1:] for line in shown.splitlines())
    assert server.flask(*remove).returncode == 0
    made = server.flask(*init, "--email", "you@example.org", "--name", "You", "--approval", "high")
    assert made.stdout.startswith("superuser you@example.org ")
    with app.app_context():
        assert not example.has_active_people(db.session())

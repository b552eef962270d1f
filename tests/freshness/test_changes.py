"""Each change says which tokens it is about, in the transaction that makes it; or that it may be about any."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.services.applications.switch import disable_application
from app.services.emergency import activate_emergency_access
from app.services.tokens.edit import EditForm, edit_token
from app.services.tokens.switch import disable_token, enable_token
from app.store import database
from app.store.database import RECORDED, Base, db, transaction
from app.store.reading.changes import Changes, Point
from app.store.snapshots import open_reader
from app.store.tables import ApplicationRow, TokenRow
from tests.cast import Cast
from tests.verification.conftest import MakeService, Office, make_service, office, service, verifier
from tests.verification.test_restrictions import narrow

__all__ = ["MakeService", "make_service", "office", "service", "verifier"]


def changed_since(app: Flask, point: Point | None) -> Changes:
    """What the reader of this database says of it."""
    reader = open_reader(str(app.config["SQLALCHEMY_DATABASE_URI"]), 1)
    try:
        return reader.changes(point)
    finally:
        reader.close()


def test_rows_of_these_tables_are_each_of_one_token() -> None:
    of_token = {mapper.class_.__tablename__: mapper.class_.of_token for mapper in Base.registry.mappers}

    assert {table: column for table, column in of_token.items() if column} == {
        "token": "id",
        "token_scope": "token_id",
        "key": "token_id",
        "emergency_window": "token_id",
    }


ACTS: Mapping[str, Callable[[Office, str], object]] = {
    "disabling it": lambda office, token_id: office.do(disable_token, token_id, ""),
    "a new key": lambda office, token_id: office.rotate(token_id),
    "a restriction": lambda office, token_id: narrow(office, token_id, 2, ip_whitelist="192.0.2.1"),
    "a scope less": lambda office, token_id: office.do(
        edit_token, EditForm(token_id, "2", scopes=(office.cast.low,), reason="It is not needed")
    ),
    "opening it": lambda office, token_id: office.do(
        activate_emergency_access, token_id, "1", "Nobody can get in", by=office.cast.ada
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_change_of_one_token_is_noted_with_it_alone(app: Flask, office: Office, act: str) -> None:
    token_id, _ = office.issue(office.cast.low, "invoice:write").token_id, office.issue()
    before = changed_since(app, None).until

    ACTS[act](office, token_id)

    found = changed_since(app, before)
    assert (found.until.generation, found.tokens) == (before.generation + 1, [token_id])


def test_a_new_token_is_noted_with_it_alone(app: Flask, office: Office) -> None:
    before = changed_since(app, None).until
    issued = office.issue()

    assert changed_since(app, before).tokens == [issued.token_id]


def test_a_change_of_what_tokens_share_is_noted_with_everything(app: Flask, office: Office, cast: Cast) -> None:
    office.issue()
    before = changed_since(app, None).until

    office.do(disable_application, cast.billing, "")

    found = changed_since(app, before)
    assert (found.until.generation, found.tokens) == (before.generation + 1, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda session, _: session.execute(update(TokenRow).values(description="x")),
        lambda session, token: session.delete(token),
    ],
    ids=["a statement over many rows", "a token that is removed"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_it_cannot_be_told_which_tokens_changed_everything_did(
    app: Flask, office: Office, change: Callable[[Session, TokenRow], object]
) -> None:
    issued = office.issue()
    before = changed_since(app, None).until
    with app.app_context(), transaction() as session:
        # Nothing of this is done by any verb.
        session.info[RECORDED] = True
        session.execute(text("PRAGMA defer_foreign_keys = 1"))
        change(session, session.get_one(TokenRow, issued.token_id))
        session.flush()
        session.execute(text("DELETE FROM key"))
        session.execute(text("DELETE FROM token_scope"))

    assert changed_since(app, before).tokens is None


def test_several_tokens_that_change_at_once_are_noted_and_too_many_are_everything(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = sorted(office.issue().token_id for _ in range(3))

    def describe(description: str) -> Changes:
        before = changed_since(app, None).until
        with app.app_context(), transaction() as session:
            session.info[RECORDED] = True
            for token_id in tokens:
                session.get_one(TokenRow, token_id).description = description
        return changed_since(app, before)

    assert sorted(describe("first").tokens or ()) == tokens
    monkeypatch.setattr(database, "MOST_NAMED", 2)
    assert describe("second").tokens is None


def test_a_token_and_what_tokens_share_in_one_change_are_everything(app: Flask, office: Office, cast: Cast) -> None:
    issued = office.issue()
    before = changed_since(app, None).until
    with app.app_context(), transaction() as session:
        session.info[RECORDED] = True
        session.get_one(TokenRow, issued.token_id).description = "x"
        session.get_one(ApplicationRow, cast.billing).enabled = False

    assert changed_since(app, before).tokens is None


def test_what_an_older_version_changes_is_everything_until_each_process_has_seen_it(app: Flask, office: Office) -> None:
    issued = office.issue()
    before = changed_since(app, None).until
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE generation SET value = value + 1"))
    between = changed_since(app, before)
    assert between.tokens is None

    office.do(disable_token, issued.token_id, "")
    assert changed_since(app, before).tokens is None, "who has not looked meanwhile"

    after = changed_since(app, None).until
    office.do(enable_token, issued.token_id, "It is needed again")
    assert changed_since(app, after).tokens == [issued.token_id]


def test_nothing_changes_until_something_does(app: Flask, office: Office) -> None:
    point = changed_since(app, None).until

    assert changed_since(app, point) == Changes(point, [])


@pytest.mark.parametrize("then", ["another event", "no such event"])
def test_a_point_that_is_in_another_history_is_everything(app: Flask, office: Office, then: str) -> None:
    office.issue()
    point = changed_since(app, None).until
    other = point._replace(hash="0" * 64) if then == "another event" else point._replace(sequence=point.sequence + 1)

    assert changed_since(app, other).tokens is None

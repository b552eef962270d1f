"""Whatever verification reads raises the generation in the transaction that changes it, and nothing else does."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Join, Table, text, update
from sqlalchemy.orm import Session

from app.clock import FixedClock
from app.services.applications.switch import disable_application
from app.services.emergency import activate_emergency_access
from app.services.tokens.edit import EditForm, edit_token
from app.services.tokens.switch import disable_token
from app.store import snapshots
from app.store.database import RECORDED, Base, db, transaction
from app.store.reading.reader import Changes
from app.store.snapshots import open_reader
from app.store.tables import TokenRow, UserSessionRow
from app.verification.verifier import Verifier
from tests.cast import Cast
from tests.verification.conftest import MakeService, Office, Service, make_service, office, service, verifier
from tests.verification.test_restrictions import narrow

__all__ = ["MakeService", "make_service", "office", "service", "verifier"]


def generation(app: Flask) -> int:
    with app.app_context():
        return int(db.session.execute(text("SELECT value FROM generation")).scalar_one())


def changed_since(app: Flask, generation: int) -> Changes:
    """What the reader of this database says of it."""
    reader = open_reader(str(app.config["SQLALCHEMY_DATABASE_URI"]), 1)
    try:
        return reader.changes(generation)
    finally:
        reader.close()


def test_every_table_that_verification_reads_is_marked() -> None:
    marked = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.verified}
    read = {table for one in snapshots.FACTS.get_final_froms() for table in _tables(one)}

    assert read == marked


def _tables(source: object) -> set[Table]:
    if isinstance(source, Table):
        return {source}
    return _tables(source.left) | _tables(source.right) if isinstance(source, Join) else set()


def test_rows_of_a_table_are_of_the_token_that_the_select_joins_them_to() -> None:
    of_token = {mapper.class_.__tablename__: mapper.class_.of_token for mapper in Base.registry.mappers}

    assert {table: column for table, column in of_token.items() if column} == {
        "token": "id",
        "token_scope": "token_id",
        "key": "token_id",
        "emergency_window": "token_id",
    }


EVERYTHING = "everything"
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
    before = changed_since(app, 0).until

    ACTS[act](office, token_id)

    found = changed_since(app, before)
    assert (found.until, found.tokens) == (before + 1, [token_id])
    assert found.everything <= before


def test_a_new_token_is_noted_with_it_alone(app: Flask, office: Office) -> None:
    before = changed_since(app, 0).until
    issued = office.issue()

    found = changed_since(app, before)
    assert (found.tokens, found.everything <= before) == ([issued.token_id], True)


def test_a_change_of_what_tokens_share_is_noted_with_everything(app: Flask, office: Office, cast: Cast) -> None:
    office.issue()
    before = changed_since(app, 0).until

    office.do(disable_application, cast.billing, "")

    found = changed_since(app, before)
    assert (found.until, found.everything) == (before + 1, before + 1)


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
    app: Flask, office: Office, change: Callable[[Session, TokenRow], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    before = changed_since(app, 0).until
    with app.app_context(), transaction() as session:
        # Nothing of this is done by any verb.
        session.info[RECORDED] = True
        session.execute(text("PRAGMA defer_foreign_keys = 1"))
        change(session, session.get_one(TokenRow, issued.token_id))
        session.flush()
        session.execute(text("DELETE FROM key"))
        session.execute(text("DELETE FROM token_scope"))

    assert changed_since(app, before).everything == before + 1


def test_a_change_of_what_is_read_raises_it(app: Flask, office: Office) -> None:
    issued = office.issue()
    before = generation(app)

    office.do(disable_token, issued.token_id, "")

    assert generation(app) == before + 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_statement_over_many_rows_raises_it(app: Flask, cast: Cast) -> None:
    before = generation(app)

    with app.app_context(), transaction() as session:
        session.execute(update(UserSessionRow).values(user_agent="x"))
    assert generation(app) == before

    with app.app_context(), pytest.raises(RuntimeError, match=r"^no$"), transaction() as session:
        session.execute(update(TokenRow).values(description="x"))
        raise RuntimeError("no")
    assert generation(app) == before, "what is rolled back changed nothing"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_usage_does_not_raise_it(
    app: Flask, service: Service, office: Office, verifier: Verifier, clock: FixedClock
) -> None:
    issued = office.issue()
    before = generation(app)
    for _ in range(3):
        service.ask(issued.key, scopes=["payout:create"])
        service.ask(issued.key)
        clock.advance(timedelta(seconds=1))
        verifier.usage.flush()

    assert generation(app) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refused_change_does_not_raise_it(app: Flask, office: Office) -> None:
    issued = office.issue()
    office.do(disable_token, issued.token_id, "")
    before = generation(app)

    with pytest.raises(Exception, match="disabled"):
        office.do(disable_token, issued.token_id, "")

    assert generation(app) == before

"""Whatever verification reads raises the generation in the transaction that changes it, and nothing else does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Join, Table, text, update

from app.clock import FixedClock
from app.services.tokens.switch import disable_token
from app.store import snapshots
from app.store.database import Base, db, transaction
from app.store.snapshots import open_reader
from app.store.tables import TokenRow, UserSessionRow
from app.verification.verifier import Verifier
from tests.cast import Cast
from tests.verification.conftest import MakeService, Office, Service, make_service, office, service, verifier

__all__ = ["MakeService", "make_service", "office", "service", "verifier"]


def generation(app: Flask) -> int:
    with app.app_context():
        return int(db.session.execute(text("SELECT value FROM generation")).scalar_one())


def test_every_table_that_verification_reads_is_marked() -> None:
    marked = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.verified}
    read = {table for one in snapshots.FACTS.get_final_froms() for table in _tables(one)}

    assert read == marked


def _tables(source: object) -> set[Table]:
    if isinstance(source, Table):
        return {source}
    return _tables(source.left) | _tables(source.right) if isinstance(source, Join) else set()


def test_the_generation_is_another_in_another_history(app: Flask) -> None:
    """A replica that took over without the last changes comes to the same numbers by others."""
    reader = open_reader(str(app.config["SQLALCHEMY_DATABASE_URI"]), 1)
    seen = {reader.generation(), reader.generation()}
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE chain_head SET hash = 'of another event'"))
    seen.add(reader.generation())
    reader.close()

    assert len(seen) == 2


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

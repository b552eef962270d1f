"""The database: how it is set up, and `transaction()`, the only commit in the program.

There is one writer at a time, on both databases: a transaction takes the write lock before it reads anything (SQLite:
BEGIN IMMEDIATE; PostgreSQL: the row of the chain head). Every change appends to one audit chain and so would wait for
it anyway; taking it first means that a verb sees the latest rows and that no two verbs can deadlock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Engine, bindparam, event, text
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from app.store import patience

LOCK_SECONDS = 5
WRITES = "postern_writes"
AUDITED, RECORDED, CHANGED = "postern_audited", "postern_recorded", "postern_changed"
# Where an app keeps what tells other nodes that something verification reads has changed.
ANNOUNCE = "postern_announce"
# A statement takes only so many.
MOST_NAMED = 1_000
# Where the last one was raised without a note, nobody knows what it was about.
_NEXT_GENERATION = text(
    "UPDATE generation SET value = value + 1, noted = value + 1,"
    " everything = CASE WHEN noted = value THEN everything ELSE value + 1 END"
)
_OF_EVERYTHING = text("UPDATE generation SET everything = value")
_OF_TOKENS = text("UPDATE token SET changed_in = (SELECT value FROM generation) WHERE id IN :tokens").bindparams(
    bindparam("tokens", expanding=True)
)
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "recursive_triggers": "1",
    "busy_timeout": str(LOCK_SECONDS * 1000),
}


class Base(DeclarativeBase):
    """The tables. `unaudited` marks those whose rows may change without an audit event, `verified` those that
    verification reads; `of_token` is the column that names the one token for which it reads a row."""

    unaudited = False
    verified = False
    of_token: ClassVar[str | None] = None


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UnauditedChange(RuntimeError):
    """A verb changed audited rows and recorded no event: no event, no change."""


def init_app(app: Flask, url: str) -> None:
    """Connect the app to its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    with app.app_context():
        set_up(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": LOCK_SECONDS}}
    settings = f"-c lock_timeout={LOCK_SECONDS}s -c timezone=utc"
    arguments = {"options": settings, "connect_timeout": LOCK_SECONDS}
    return {"hide_parameters": True, "pool_pre_ping": True, "connect_args": arguments}


def set_up(engine: Engine) -> None:
    """Make every connection of the engine behave as TRAPS M2 to M4 demand."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, record: object) -> None:
    # The driver's own BEGIN comes too late and is always deferred; _begin says it instead.
    connection.isolation_level = None
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = str(connection.execute(f"PRAGMA {name}").fetchone()[0])
        if found != value:
            raise RuntimeError(f"SQLite does not accept {name} = {value} for this file (it says {found}).")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction() -> Iterator[Session]:
    """One change: opened by a public verb, handed to its helpers, committed whole or not at all. What the request read
    before is read again inside, because it may have changed while the lock was awaited."""
    session = db.session()
    if session.info.get(WRITES):
        raise RuntimeError("a verb was called inside another verb's transaction")
    session.rollback()
    session.expire_all()
    session.info.update({WRITES: True, AUDITED: False, RECORDED: False, CHANGED: set()})
    try:
        connection = session.connection(execution_options={WRITES: True})
        if connection.dialect.name == "postgresql":
            patience.be_patient(connection)
            connection.execute(text("SELECT 1 FROM chain_head FOR UPDATE"))
        yield session
        session.flush()
        if session.info[AUDITED] and not session.info[RECORDED]:
            raise UnauditedChange
        _raise_generation(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[WRITES] = False
    if session.info[CHANGED]:
        # Before whoever made the change is answered.
        _announce()


def _raise_generation(session: Session) -> None:
    """Say that what verification reads is another now: of which tokens, or where that is not known, of all."""
    tokens: set[str | None] = session.info[CHANGED]
    if not tokens:
        return
    session.execute(_NEXT_GENERATION)
    named = [token_id for token_id in tokens if token_id is not None]
    if len(named) < len(tokens) or len(named) > MOST_NAMED or not _noted(session, named):
        session.execute(_OF_EVERYTHING)


def _noted(session: Session, tokens: Sequence[str]) -> bool:
    """Note the generation with these tokens; whether all of them are there to be noted with."""
    done = session.execute(_OF_TOKENS, {"tokens": tokens})
    return isinstance(done, CursorResult) and done.rowcount == len(tokens)


def _announce() -> None:
    announce: Callable[[], None] | None = current_app.extensions.get(ANNOUNCE)
    if announce is not None:
        announce()


@event.listens_for(Session, "before_flush")
def _note_changed_rows(session: Session, context: object, instances: object) -> None:
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    for row in changed:
        _note_change(session, type(row), row)


@event.listens_for(Session, "do_orm_execute")
def _note_changing_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and state.bind_mapper is not None:
        # It may be about any rows.
        _note_change(state.session, state.bind_mapper.class_, None)


def _note_change(session: Session, table: type, row: object) -> None:
    if not issubclass(table, Base):
        return
    if table.verified:
        token_id = None if row is None or table.of_token is None else getattr(row, table.of_token)
        session.info.setdefault(CHANGED, set()).add(token_id)
    if not table.unaudited:
        if not session.info.get(WRITES):
            raise RuntimeError("rows are changed in transaction() only")
        session.info[AUDITED] = True

"""Whether the database is the one this code was written for: asked before serving, never before a command."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import func, select, text

from app.domain.lifecycle import Status
from app.store import audit_chain, secrets
from app.store.database import db, transaction
from app.store.tables import KeyRow, SecretCheckRow, TokenRow

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_REFUSAL = "'audit events are never changed or removed'"
_ABORT, _RAISE = f"BEGIN SELECT RAISE(ABORT, {_REFUSAL}); END", f"BEGIN RAISE EXCEPTION {_REFUSAL}; END"
_INSERT = (
    "BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event WHERE sequence = NEW.sequence OR id = NEW.id)"
)
# What protects the log, and what each of these does: one that has the name only protects nothing. On PostgreSQL that is
# when it fires (bits of pg_trigger.tgtype: 1 row, 2 before, 8 delete, 16 update, 32 truncate), that neither a column
# nor a condition keeps it from doing so, and its function.
TRIGGERS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "audit_event_no_update": f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event {_ABORT}",
        "audit_event_no_delete": f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event {_ABORT}",
        "audit_event_no_replace": f"CREATE TRIGGER audit_event_no_replace {_INSERT} {_ABORT}",
    },
    "postgresql": {
        "audit_event_no_change": f"{1 + 2 + 8 + 16} always {_RAISE}",
        "audit_event_no_truncate": f"{2 + 32} always {_RAISE}",
    },
}
_TRIGGERS_THERE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'",
    "postgresql": "SELECT tgname, concat(tgtype, CASE WHEN tgqual IS NULL AND tgattr::text = '' THEN ' always ' END, "
    "prosrc) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE tgrelid = 'audit_event'::regclass AND tgenabled IN ('O', 'A')",
}
# A key of a final token needs its secret no more.
_LIVE_KEYS_BY_SECRET = (
    select(KeyRow.secret_id, func.count())
    .join(TokenRow, TokenRow.id == KeyRow.token_id)
    .where(KeyRow.stops_at.is_(None), TokenRow.status.in_([Status.PENDING, Status.ACTIVE, Status.DISABLED]))
    .group_by(KeyRow.secret_id)
    .order_by(KeyRow.secret_id)
)


def init_app(app: Flask) -> None:
    """Give the app its `flask db` commands."""
    Migrate(app, db, directory=str(MIGRATIONS))


def migrate() -> None:
    """Bring the database to the newest schema, and seal it with this installation's secrets."""
    upgrade(directory=str(MIGRATIONS))
    db.session.rollback()
    adopt_secrets()


def adopt_secrets() -> None:
    """Note what secrets that this database has not met yet make of a fixed text, so that they are known from now on."""
    with transaction() as session:
        audit_chain.begin(session)
        for name, value in secrets.current().proofs().items():
            if session.get(SecretCheckRow, name) is None:
                session.add(SecretCheckRow(name=name, value=value))


def fault() -> str | None:
    """Why this database cannot be served from, in one line that says what to do; None where it can."""
    return _revision_fault() or _trigger_fault() or _secret_fault()


def is_ahead() -> bool:
    """Whether a newer version of Postern has migrated this database, so that this one must leave it alone."""
    there, _, known = _revisions()
    return there is not None and there not in known


def _revision_fault() -> str | None:
    there, newest, _ = _revisions()
    if there == newest:
        return None
    if is_ahead():
        return f"The database's schema ({there}) is ahead of this version of Postern: install the newer version."
    return "The database's schema is behind this version of Postern: run flask postern migrate."


def _revisions() -> tuple[str | None, str | None, set[str]]:
    """The revision of this database, the newest that this code knows, and all that it knows."""
    with db.engine.connect() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
    newest, known = _written()
    return there, newest, known


@cache
def _written() -> tuple[str | None, set[str]]:
    """The newest revision that this code knows, and all that it knows: read from its files once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    return scripts.get_current_head(), {script.revision for script in scripts.walk_revisions()}


def _trigger_fault() -> str | None:
    with db.engine.connect() as connection:
        rows = connection.execute(text(_TRIGGERS_THERE[db.engine.dialect.name])).all()
    there = {name: " ".join(does.split()) for name, does in rows}
    lost = [name for name, does in TRIGGERS[db.engine.dialect.name].items() if there.get(name) != does]
    if not lost:
        return None
    named = ", ".join(sorted(lost))
    return f"The audit log is not protected: trigger {named} is missing or was altered. Restore it from a backup."


def _secret_fault() -> str | None:
    with db.engine.connect() as connection:
        kept = connection.execute(select(SecretCheckRow.name, SecretCheckRow.value)).all()
        needed = connection.execute(_LIVE_KEYS_BY_SECRET).all()
    proofs = secrets.current().proofs()
    for secret_id, count in needed:
        if secrets.key_name(secret_id) not in proofs:
            made = f"{count} {'key was' if count == 1 else 'keys were'} made under it"
            return f"The key secret {secret_id} is missing: {made}. Set it again, and rotate them before it goes."
    for name, value in kept:
        if name not in proofs:
            continue
        if proofs[name] != value:
            return f"The {name} secret is not the one this database was filled under. Set the right one."
    return None

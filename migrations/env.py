"""How migrations run: on the app's own engine, each in one transaction."""

from alembic import context
from flask import current_app

from app.store.database import WRITES, db

config = context.config


def run_migrations() -> None:
    """Run on the database of the app at hand."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit(
        f"Migrations need the database: {current_app.config['SQLALCHEMY_DATABASE_URI']!r} is not asked offline."
    )
run_migrations()

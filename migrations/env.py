"""How migrations run: on the app's own engine, each in one transaction."""

from alembic import context

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
    raise SystemExit("Migrations look at the rows they change: run this without --sql, with the database at hand.")
run_migrations()

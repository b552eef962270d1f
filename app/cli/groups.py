"""The groups that commands belong to, and what every command needs."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo

from app.clock import CLOCK, Clock
from app.domain.errors import Refusal
from app.store import schema
from app.store.database import db


class CommandGroup(AppGroup):
    """Commands that say in one line why something is not done."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. A refusal, and a database that is not ready for it, are told as errors of the command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(refusal.sentence) from refusal
        except (db.exc.OperationalError, db.exc.ProgrammingError) as error:
            raise click.ClickException(_database_fault(ctx) or str(error.orig)) from error


postern = CommandGroup("postern", help="Set up and run this installation.")
example = CommandGroup("example", help="Fill in the example, or remove it.")
scopes = CommandGroup("scopes", help="Load the scope catalogue.")
audit = CommandGroup("audit", help="Check the audit log.")
policy = CommandGroup("policy", help="Read and set the approval policy.")
people = CommandGroup("people", help="Help people in who cannot sign in.")


def now() -> datetime:
    """The instant of this command."""
    clock: Clock = current_app.extensions[CLOCK]
    return clock()


def _database_fault(ctx: click.Context) -> str | None:
    with ctx.ensure_object(ScriptInfo).load_app().app_context():
        try:
            return schema.fault()
        except (db.exc.OperationalError, db.exc.ProgrammingError):
            return None

"""The groups that commands belong to, and what every command needs."""

from datetime import datetime

from flask import current_app
from flask.cli import AppGroup

from app.clock import CLOCK, Clock

postern = AppGroup("postern", help="Set up and run this installation.")
example = AppGroup("example", help="Fill in the example, or remove it.")
scopes = AppGroup("scopes", help="Load the scope catalogue.")
people = AppGroup("people", help="Help people in who cannot sign in.")


def now() -> datetime:
    """The instant of this command."""
    clock: Clock = current_app.extensions[CLOCK]
    return clock()

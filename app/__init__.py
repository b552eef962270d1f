"""Postern: service tokens, and the answer to one question about them."""

import os

from flask import Flask

from app import home
from app.clock import Clock, system_clock
from app.config import Settings
from app.store import database, schema, secrets


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Put the house together. Without arguments, from the environment and by the machine's clock."""
    settings = settings or home.load(os.environ)
    app = Flask(__name__)
    secrets.init_app(app, secrets.Secrets(settings.key_secrets, settings.chain_secret))
    database.init_app(app, settings.database_url)
    schema.init_app(app)
    return app

"""A fresh installation: its database migrated, three people, the example's catalogue, a policy."""

import base64
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import create_app
from app.cli.example.story import CATALOGUE
from app.clock import CLOCK, Clock
from app.config import SECRET_BYTES, Settings
from app.domain import catalogue
from app.domain.people import Person
from app.domain.roles import Role
from app.services.host import CONSOLE
from app.services.scopes.load import import_catalogue
from app.store import schema
from app.store.database import db
from app.verification.views import DOOR
from tests.factories import make_person


@dataclass(frozen=True)
class Installation:
    """An installation that nobody serves yet. `environ` is what a server of it is started with."""

    environ: Mapping[str, str] = field(repr=False)
    app: Flask = field(repr=False)
    superuser: Person
    administrator: Person
    member: Person

    @property
    def settings(self) -> Settings:
        """What a process of this installation reads from the environment."""
        return Settings.from_env(self.environ)


@contextmanager
def installation(home: Path, database_url: str = "", redis_url: str = "") -> Iterator[Installation]:
    """An installation in this folder, which is made, on this database or a file of its own. Afterwards nothing is
    connected any more."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    environ = {"POSTERN_HOME": str(home), "DATABASE_URL": database_url, "REDIS_URL": redis_url, **_secrets()}
    app = create_app(Settings.from_env(environ))
    with app.app_context():
        schema.migrate()
    try:
        yield begun(environ, app)
    finally:
        app.extensions[DOOR].verifier.close()
        with app.app_context():
            db.engine.dispose()


def begun(environ: Mapping[str, str], app: Flask) -> Installation:
    """The installation of this app, which has an empty database: with its people and its catalogue."""
    clock: Clock = app.extensions[CLOCK]
    with app.app_context():
        ada, grace, linus = (_joins(name, role, clock()) for name, role in _PEOPLE.items())
        import_catalogue(catalogue.read(tomllib.loads(CATALOGUE.read_text("utf-8"))), CONSOLE, clock())
    return Installation(environ, app, ada, grace, linus)


_PEOPLE = {"Ada": Role.SUPERUSER, "Grace": Role.ADMINISTRATOR, "Linus": Role.MEMBER}


def _joins(name: str, role: Role, now: datetime) -> Person:
    return Person(make_person(name, role, now), name, f"{name.lower()}@example.com", role)


def _secrets() -> dict[str, str]:
    keys, chain, session = (base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode() for _ in range(3))
    return {"KEY_SECRETS": f"1:{keys}", "CHAIN_SECRET": chain, "SESSION_SECRET": session}

"""The program as each history finds it: one installation, whose database is put back to how it was filled once.

An app of its own for each history would be simpler, and dearer than all that a history does: it would compile every
statement again."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from app.clock import FixedClock
from app.config import Settings
from app.domain.risk import Risk
from app.domain.roles import Role
from app.store.database import db
from app.verification.views import DOOR
from tests import factories
from tests.conftest import NOW, SECRETS
from tests.histories.cast import CATALOGUE, people
from tests.histories.facts import PERMITS
from tests.histories.stored import Stored


@dataclass
class Ground:
    """An installation with people, by name, and one application; forms are sent without their tokens, which other tests
    are about."""

    app: Flask
    clock: FixedClock
    stored: Stored
    filled: sqlite3.Connection
    ids: Mapping[str, str]
    application: str
    times: int = 0

    def put_back(self) -> None:
        """Let nothing have happened yet. What verification has in memory is of a generation that never comes again."""
        self.times += 1
        self.clock.instant = NOW
        live = self.stored.connection
        self.filled.backup(live)
        live.execute("UPDATE generation SET value = value + ?", (self.times * 1_000_000,))
        live.commit()


@contextmanager
def laid(migrated: Path, folder: Path) -> Iterator[Ground]:
    """A ground in this folder, on a copy of a migrated, empty database."""
    live, clock = folder / "postern.db", FixedClock(NOW)
    live.write_bytes(migrated.read_bytes())
    environ = {"DATABASE_URL": f"sqlite:///{live}", "POSTERN_HOME": str(folder), **SECRETS}
    app = create_app(Settings.from_env(environ), clock)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        ids, application = _fill()
    with closing(sqlite3.connect(live)) as now, closing(sqlite3.connect(":memory:")) as filled:
        now.backup(filled)
        yield Ground(app, clock, Stored(now), filled, ids, application)
    app.extensions[DOOR].verifier.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fill() -> tuple[Mapping[str, str], str]:
    crew = people()
    ids = {name: factories.make_person(name, Role(one.role), NOW) for name, one in crew.items()}
    [owner] = [ids[name] for name, one in crew.items() if one.owns]
    team = tuple(ids[name] for name, one in crew.items() if one.works_here)
    for name, entry in CATALOGUE.items():
        factories.make_scope(name, Risk(entry.risk), NOW, *PERMITS[entry.permits][0].splitlines())
    return ids, factories.make_application("Till", owner, NOW, members=team)

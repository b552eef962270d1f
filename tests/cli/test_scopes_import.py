"""`flask scopes import FILE`."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db
from app.store.queries import scopes
from tests.cast import Cast
from tests.factories import actor

EXAMPLE = Path(__file__).parents[2] / "app/example/catalogue.toml"


def catalogue(app: Flask) -> set[str]:
    with app.app_context():
        return set(scopes.catalogue(db.session()))


def test_the_example_is_loaded_and_loaded_again(app: Flask, runner: FlaskCliRunner) -> None:
    first = runner.invoke(args=["scopes", "import", str(EXAMPLE)])
    second = runner.invoke(args=["scopes", "import", str(EXAMPLE)])

    assert first.exit_code == second.exit_code == 0
    assert "8 added, 0 changed, 0 as before." in first.output
    assert "  added payout:create" in first.output
    assert second.output == "0 added, 0 changed, 8 as before.\n"
    assert {"product:read", "payout:create", "token:verify"} <= catalogue(app)


def test_tokens_to_review_are_printed(
    app: Flask, runner: FlaskCliRunner, cast: Cast, clock: FixedClock, tmp_path: Path
) -> None:
    form = IssueForm(cast.billing, random_text(22), "Nightly", "", (cast.low,), "1 month", "", "")
    with app.app_context():
        issued = issue_token(form, actor(cast.linus), clock())
    file = tmp_path / "catalogue.toml"
    file.write_text('[[scope]]\nname = "invoice:read"\nrisk = "high"\npermissions = ["GET /api/invoices"]\n')

    result = runner.invoke(args=["scopes", "import", str(file)])

    assert result.exit_code == 0
    assert "  changed invoice:read" in result.output
    assert f"  Billing: Nightly ({issued.token_id})" in result.output


def test_a_loosening_ends_with_its_name_and_changes_nothing(
    app: Flask, runner: FlaskCliRunner, cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text('[[scope]]\nname = "a:b"\nrisk = "low"\n\n[[scope]]\nname = "payout:create"\nrisk = "low"\n')

    result = runner.invoke(args=["scopes", "import", str(file)])

    assert result.exit_code == 1
    assert "payout:create (risk from High to Low)" in result.output
    assert "Nothing was imported." in result.output
    assert "a:b" not in catalogue(app)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "[[scope]] tables and nothing else"),
        (b"[[scope]\n", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"a = " + b"[" * 5000, "is not TOML"),
        (b'[[scope]]\nname = "a:b"\n', "a:b: Give it a risk"),
        (b'[[scope]]\nname = "a:b"\nrisk = "low"\nsince = 2026-01-01\n', "a:b: \u201csince\u201d is not a field"),
        (b"#" * (1024 * 1024 + 1), "is too large"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_one_clear_message(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_bytes(content)
    before = catalogue(app)

    result = runner.invoke(args=["scopes", "import", str(file)])

    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert catalogue(app) == before


@pytest.mark.parametrize("path", ["nothing.toml", "."])
def test_a_file_that_is_not_there_is_said(runner: FlaskCliRunner, path: str) -> None:
    result = runner.invoke(args=["scopes", "import", path])

    assert result.exit_code == 2
    assert path in result.output

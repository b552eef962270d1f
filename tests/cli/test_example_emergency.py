"""Emergency access that people of the example activated goes with the example (SPEC 10, 15)."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskCliRunner

from app.cli import example
from app.domain.emergency import End
from app.domain.history import sentence
from app.domain.identifiers import random_text
from app.domain.people import Actor
from app.services.applications.create import create_application
from app.services.emergency import activate_emergency_access
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db
from app.store.queries import history
from app.store.queries.people import account_named
from app.store.tables import EmergencyWindowRow, TokenRow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REASON = "The office network is down"


def test_its_windows_go_and_those_of_its_superuser_elsewhere_end(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context():
        example.fill(NOW, "http://127.0.0.1:8000")
        account = account_named(db.session(), "ada@example.com", None)
        assert account is not None
        ada = Actor(account.person.id, "Ada")
        worker = db.session.query(TokenRow).filter_by(status="active").first()
        assert worker is not None
        activate_emergency_access(worker.id, "1", REASON, ada, NOW)
        shop = create_application("Shop", "", ada, NOW)
        form = IssueForm(shop, random_text(22), "Till", "", ("invoice:read",), "1 week", "", "")
        till = issue_token(form, ada, NOW).token_id
        activate_emergency_access(till, "1", REASON, ada, NOW)

    result = runner.invoke(args=["example", "remove"])

    assert "Deactivated, because something else still names them: Ada." in result.output
    with app.app_context():
        window = db.session.query(EmergencyWindowRow).one()
        assert (window.token_id, window.ended_how) == (till, End.ACTIVATOR_LEFT)
        assert "Ada may not use it any more" in sentence(history.of_token(db.session(), till)[0])

"""Billing in the browsers of its people, and of others."""

import pytest
from flask import Flask

from app.store.database import db
from app.store.queries import applications, members
from app.store.queries.applications import ApplicationView
from tests.cast import Cast
from tests.databases import on_both
from tests.services.applications.conftest import ADA
from tests.web.tokens.conftest import Issue, Visit, Visitor, issue, linus, visit

database_url = on_both

__all__ = ["Billing", "Issue", "Visit", "Visitor", "billing", "issue", "linus", "visit"]


class Billing:
    """Billing as it is now, and where its pages are."""

    def __init__(self, app: Flask, application_id: str) -> None:
        self.app, self.id = app, application_id
        self.page = f"/applications/{application_id}"

    @property
    def now(self) -> ApplicationView:
        with self.app.app_context():
            found = applications.find(db.session(), ADA, self.id)
            assert found is not None
            return found

    @property
    def people(self) -> list[str]:
        with self.app.app_context():
            return [one.person.name for one in members.application_people(db.session(), self.id)]


@pytest.fixture
def billing(app: Flask, cast: Cast) -> Billing:
    return Billing(app, cast.billing)

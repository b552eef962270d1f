"""A token of the cast, and emergency access to it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from app.clock import FixedClock
from app.services.emergency import activate_emergency_access
from app.store.database import db
from app.store.tables import EmergencyWindowRow
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue, form, issue

__all__ = ["form", "issue"]

REASON = "The office network is down"
Activate = Callable[..., datetime]


@pytest.fixture
def token_id(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def activate(token_id: str, cast: Cast, clock: FixedClock) -> Activate:
    """Activate emergency access for the token as Ada, or as `by`; keywords change the form."""

    def press(hours: str = "2", reason: str = REASON, *, by: str | None = None, token: str | None = None) -> datetime:
        return activate_emergency_access(token or token_id, hours, reason, actor(by or cast.ada, "Ada"), clock())

    return press


def stored(token_id: str) -> list[EmergencyWindowRow]:
    """The token's windows, the oldest first."""
    statement = db.select(EmergencyWindowRow).where(EmergencyWindowRow.token_id == token_id)
    return list(
        db.session.scalars(statement.order_by(EmergencyWindowRow.id), execution_options={"populate_existing": True})
    )

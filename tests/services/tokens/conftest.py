"""Tokens of the cast's application, issued by the real verb."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.services.tokens.issue import Issued, IssueForm, issue_token
from tests.cast import Cast
from tests.factories import actor

Form = Callable[..., IssueForm]
Issue = Callable[..., Issued]


@pytest.fixture
def form(cast: Cast, app_context: object) -> Form:
    """A form as Linus would send it for a Low token; keywords change it."""

    def fill(**typed: Any) -> IssueForm:
        plain = IssueForm(
            application_id=cast.billing,
            form_id=random_text(22),
            name="Nightly report",
            description="",
            scopes=(cast.low,),
            expires="1 month",
            expires_on="",
            reason="",
        )
        return dataclasses.replace(plain, **typed)

    return fill


@pytest.fixture
def issue(form: Form, cast: Cast, clock: FixedClock) -> Issue:
    """Issue a token as Linus, or as `by`."""

    def send(by: str | None = None, **typed: Any) -> Issued:
        return issue_token(form(**typed), actor(by or cast.linus), clock())

    return send

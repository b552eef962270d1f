"""Ending emergency access by hand, and the windows that are over: SPEC 10."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.emergency import End
from app.services.tokens.switch import disable_token, enable_token
from tests import factories
from tests.cast import Cast
from tests.web.emergency.conftest import activate, banner, deactivate, region, windows
from tests.web.forms import as_read
from tests.web.tokens.conftest import Visit, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def test_another_superuser_ends_it(visit: Visit, app: Flask, opened: str, root: str) -> None:
    visitor = visit(root)

    answer = deactivate(visitor, opened, reason="The network is back")

    assert (answer.status_code, answer.location) == (303, f"/tokens/{opened}/security")
    [row] = windows(app)
    assert (row.ended_how, row.ended_by) == (End.DEACTIVATED, root)
    page = visitor.get(answer.location).text
    assert "Every restriction of this token holds again." in page
    assert banner(page) == ""
    assert ">Activate emergency access</button>" in region(page)


def test_the_change_history_tells_it_all(ada: Visitor, opened: str, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=5))
    deactivate(ada, opened, reason="The network is back")

    page = ada.get(f"/tokens/{opened}").text

    assert "Emergency access activated for 2 hours, until 23 Nov 2026 14:00 UTC" in as_read(page)
    assert "“The office network is down”" in page
    assert "Emergency access deactivated after 5 minutes of 2 hours" in page
    assert "“The network is back”" in page


@pytest.mark.parametrize(("who", "status"), [("linus", 403), ("grace", 403), ("sam", 404)])
def test_nobody_else_may(visit: Visit, app: Flask, opened: str, cast: Cast, who: str, status: int) -> None:
    assert deactivate(visit(getattr(cast, who)), opened).status_code == status
    assert windows(app)[0].ended_at is None


def test_a_reason_that_does_not_fit_is_kept(ada: Visitor, app: Flask, opened: str) -> None:
    answer = deactivate(ada, opened, reason="x" * 2001)

    assert answer.status_code == 422
    assert "x" * 2001 in region(answer.text)
    assert windows(app)[0].ended_at is None


def test_a_second_press_is_harmless(ada: Visitor, app: Flask, opened: str) -> None:
    deactivate(ada, opened)
    answer = deactivate(ada, opened)

    assert answer.status_code == 303
    assert "already ended. Nothing was done twice." in ada.get(answer.location).text


def test_the_password_is_asked_for_here_too(ada: Visitor, app: Flask, opened: str, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=11))

    assert "Your password, once more" in deactivate(ada, opened, reason="Back again").text
    assert windows(app)[0].ended_at is None


def test_ended_windows_are_listed_with_what_ended_them(
    ada: Visitor, app: Flask, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    linus = factories.actor(cast.linus, "Linus")
    activate(ada, token_id, "1", "It lasts to its end")
    clock.advance(HOUR)
    ada.sign_in_again()
    activate(ada, token_id, "2", "It ends by hand")
    clock.advance(timedelta(minutes=5))
    deactivate(ada, token_id)
    activate(ada, token_id, "2", "It ends with the token")
    with app.app_context():
        disable_token(token_id, "", linus, clock())
        enable_token(token_id, "", linus, clock())
    activate(ada, token_id, "1", "It is not over")

    rows = region(ada.get(f"/tokens/{token_id}/security").text).split("Ended windows</h3>")[1].split("<tr>")[2:]

    assert len(rows) == 3
    for row, told in zip(
        rows,
        [
            ("It ends with the token", "less than a minute", "The token was disabled by Linus"),
            ("It ends by hand", "5 minutes", "Deactivated by Ada"),
            ("It lasts to its end", "1 hour", "By the clock"),
        ],
        strict=True,
    ):
        assert all(words in row for words in (*told, '<td data-label="Passed by it">0</td>'))

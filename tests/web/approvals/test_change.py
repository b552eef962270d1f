"""A request to change a token, on its page and in the list: in words, beside what is there, by the risk it leads to."""

import pytest
from flask import Flask, get_template_attribute

from app.clock import FixedClock
from app.domain import edits
from app.services.approvals import approve
from app.services.tokens.edit import EditForm, edit_token
from app.store.database import db
from app.store.queries import approvals, tokens
from app.web.approvals import rows
from tests import factories
from tests.cast import Cast
from tests.web.approvals.conftest import ELEVEN_MINUTES, SEES_ALL, Ask, Asked, Sit

# A page: what it does to the database is tried on both in tests/services/approvals.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WHY = "The batch moved to another service"


@pytest.fixture
def asked(app: Flask, cast: Cast, ask: Ask, clock: FixedClock) -> Asked:
    """Linus asks that an approved Medium token pays out instead of writing, and for longer."""
    token_id = _approved(app, cast, ask(scope=cast.medium, name="writer"), clock)
    return Asked(_edit(app, cast, token_id, clock, scopes=(cast.low, cast.high)), token_id)


def _approved(app: Flask, cast: Cast, first: Asked, clock: FixedClock) -> str:
    with app.app_context():
        view = approvals.find(db.session(), SEES_ALL, first.id, clock())
        assert view is not None
        approve(view.id, view.fingerprint, "", factories.actor(cast.grace), clock())
    return first.token_id


def _edit(app: Flask, cast: Cast, token_id: str, clock: FixedClock, scopes: tuple[str, ...]) -> str:
    with app.app_context():
        token = tokens.find(db.session(), SEES_ALL, token_id, clock())
        assert token is not None
        typed = EditForm(token_id, str(token.version), name="payer", scopes=scopes, expires="1 year", reason=WHY)
        edited = edit_token(typed, factories.actor(cast.linus), clock())
    assert edited.request_id is not None
    return edited.request_id


def test_its_page_says_in_words_what_would_change_beside_the_whole_token(cast: Cast, asked: Asked, sit: Sit) -> None:
    page = sit(cast.grace).open(asked.path)
    for piece in (
        "Name: writer → payer",
        "Scopes: added invoice:read, added payout:create, removed invoice:write",
        'Expires at: <time datetime="2026-12-23T12:00:00Z" title="23 Dec 2026 12:00 UTC">',
        "23 Dec 2026 12:00 UTC</time> → 1 year after approval",
        "23 Nov 2027 if approved now",
        "If approved</th>",
        'class="old">writer</td>',
        'class="old"><time datetime="2026-12-23T12:00:00Z" title="23 Dec 2026 12:00 UTC">',
        'class="new">payer</td>',
        'class="new">invoice:read\npayout:create</td>',
        "(no change)",
        ">Added</span>",
        ">Removed</span>",
        "May payout:create.",
        "Needed to approve, and to reject.",
        WHY,
    ):
        assert piece in page, piece
    risk = page.split("Risk, now and after</dt>")[1].split("</dd>")[0]
    assert risk.index("Medium") < risk.index("→") < risk.index("High")


def test_instants_are_told_and_what_somebody_typed_stays_as_it_is(app: Flask) -> None:
    instant = "2 Dec 2026 09:00 UTC"
    typed = {"field": edits.NAME, "before": "writer", "after": f"Until {instant}"}
    ends = {"field": edits.EXPIRES_AT, "before": "2026-12-02T09:00:00+00:00", "after": None}
    with app.test_request_context():
        moved = get_template_attribute("components/time.html", "moved")
        by_hand, ours = (str(moved(move)) for move in rows.moves([typed, ends]))
    assert by_hand == f"Name: writer → Until {instant}"
    assert f">{instant}</time> → No expiration" in ours


def test_in_the_list_it_says_what_comes_and_what_goes(cast: Cast, asked: Asked, sit: Sit) -> None:
    page = sit(cast.grace).open("/approvals?show=pending")
    assert "added payout:create, removed invoice:write" in page
    assert ">High</span>" in page


def test_approving_what_would_be_high_asks_for_the_password_again(
    cast: Cast, asked: Asked, sit: Sit, clock: FixedClock
) -> None:
    grace = sit(cast.grace)
    shown = grace.fields(asked.path)
    clock.advance(ELEVEN_MINUTES)
    answer = grace.client.post(f"{asked.path}/approve", data={**shown, "comment": "Checked with finance"})
    assert answer.status_code != 303
    assert "Password" in answer.text


def test_what_becomes_of_it_is_shown_when_it_was_decided(cast: Cast, asked: Asked, sit: Sit) -> None:
    grace = sit(cast.grace)
    assert grace.decide(asked, "approve", "Checked with finance").status_code == 303
    page = grace.open(asked.path)
    assert "Scopes: added invoice:read, added payout:create, removed invoice:write" in page
    assert "Asked for</th>" in page


def test_what_was_refused_shows_what_was_asked_for(cast: Cast, asked: Asked, sit: Sit) -> None:
    grace = sit(cast.grace)
    grace.decide(asked, "reject", "Too much power")
    page = grace.open(asked.path)
    assert "removed invoice:write" in page
    assert "Too much power" in page

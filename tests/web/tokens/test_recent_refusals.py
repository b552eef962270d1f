"""The last refusals of a token on its ACL tab, each with a link that tries it again. SPEC 9 and 13."""

import html
from datetime import timedelta

import pytest
from flask import Flask

from app.domain.checks import Code
from app.store.database import transaction
from app.store.tables import RefusalRow
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor
from tests.web.tokens.edits import low
from tests.web.tokens.test_acl import acl

__all__ = ["low"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refused(house: House, token_id: str, code: Code, *, address: str | None = None, caller: str | None = None) -> None:
    """Have the token refused just now."""
    row = RefusalRow(token_id=token_id, at=house.clock(), code=code.value, address=address, caller_token_id=caller)
    row.request_id = "asked-by-the-test"
    with house.app.app_context(), transaction() as session:
        session.add(row)


def shown(visitor: Visitor, token_id: str) -> str:
    return html.unescape(acl(visitor, token_id).split('aria-label="Recent refusals"')[1].split("</table>")[0])


def test_nothing_refused_is_said(linus: Visitor, low: str) -> None:
    assert "Nothing was refused yet." in acl(linus, low)


def test_the_newest_stands_first_with_what_is_known_of_it(linus: Visitor, low: str, house: House) -> None:
    refused(house, low, Code.DISABLED, address="203.0.113.7")
    house.clock.advance(timedelta(minutes=5))
    refused(house, low, Code.INSUFFICIENT_SCOPE)
    table = shown(linus, low)
    assert table.index("INSUFFICIENT_SCOPE") < table.index("DISABLED")
    for piece in ("5 minutes ago", "203.0.113.7", "Not said", "asked-by-the-test", "The token itself"):
        assert piece in table, piece


def test_at_most_twenty_are_shown(linus: Visitor, low: str, house: House) -> None:
    for _ in range(21):
        refused(house, low, Code.DISABLED)
    assert shown(linus, low).count("<code>DISABLED</code>") == 20


def test_the_service_is_named_only_to_who_may_see_it(
    visit: Visit, issue: Issue, low: str, house: House, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        gateway = factories.make_application("Gateway", cast.linus, house.clock())
    caller = issue(application_id=gateway, name="caller").token_id
    refused(house, low, Code.DISABLED, caller=caller)
    assert "Gateway" in shown(visit(cast.linus), low)
    assert "Gateway" in shown(visit(cast.grace), low)
    hers = shown(visit(cast.margaret), low)
    assert "Gateway" not in hers
    assert gateway not in hers
    assert "A service that you may not see" in hers


def test_its_link_tries_it_again_as_it_was_asked(linus: Visitor, low: str, house: House) -> None:
    refused(house, low, Code.EXPIRED, address="203.0.113.7")
    link = shown(linus, low).split('href="')[1].split('"')[0]
    house.clock.advance(timedelta(hours=1))
    page = linus.get(link.partition("#")[0]).text
    assert 'value="203.0.113.7"' in page
    assert "Asked at <time" in page
    assert "23 Nov 2026 12:00 UTC" in page.split('id="tried"')[1]

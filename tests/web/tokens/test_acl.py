"""The ACL tab: what the token can do. SPEC 9."""

import re

import pytest
from flask import Flask

from app.domain.risk import Risk
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, low, medium
from tests.web.tokens.test_overview import counted

__all__ = ["low", "medium"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def acl(visitor: Visitor, token_id: str, query: str = "") -> str:
    answer = visitor.get(f"/tokens/{token_id}/acl{query}")
    assert answer.status_code == 200
    return answer.text


def test_scopes_stand_by_resource_with_risk_description_and_permissions(
    linus: Visitor, issue: Issue, house: House, cast: Cast
) -> None:
    issued = issue(scopes=(cast.high, cast.medium, cast.low), reason=REASON)
    page = acl(linus, issued.token_id)
    bodies = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)) for body in page.split("<tbody>")[1:]]
    assert bodies[0].startswith(" invoice invoice:read Low May invoice:read. GET /api/invoices GET /api/invoices/*")
    assert "invoice:write Medium May invoice:write. POST /api/invoices PUT /api/invoices/*" in bodies[0]
    assert bodies[1].startswith(" payout payout:create High May payout:create. POST /api/payouts")


def test_a_scope_without_permissions_and_a_retired_one_say_so(
    linus: Visitor, issue: Issue, house: House, app: Flask
) -> None:
    with app.app_context():
        factories.make_scope("report:print", Risk.LOW, house.clock())
    issued = issue(scopes=("report:print",))
    house.retire("report:print")
    page = acl(linus, issued.token_id)
    assert "No method or path" in page
    assert ">Retired</span>" in page


def test_it_is_a_tab_that_can_be_opened_by_itself_or_swapped_in(linus: Visitor, low: str) -> None:
    address = f"/tokens/{low}/acl"
    assert f'href="{address}"' in linus.get(f"/tokens/{low}").text
    assert re.search(r'id="tab-acl" [^>]*aria-current="page"', acl(linus, low))
    part = linus.client.get(address, headers=FRAGMENT)
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<title>")
    assert 'id="tabbed"' in part.text
    assert "<html" not in part.text


def test_teammates_and_administrators_see_it_and_strangers_do_not(visit: Visit, low: str, cast: Cast) -> None:
    for who in (cast.margaret, cast.grace, cast.ada):
        assert "invoice:read" in acl(visit(who), low)
    answer = visit(cast.sam).get(f"/tokens/{low}/acl?scopes=invoice:read")
    assert answer.status_code == 404
    assert "Nightly report" not in answer.text


def test_who_may_edit_is_led_to_it_while_the_token_lives(linus: Visitor, low: str) -> None:
    link = f'href="/tokens/{low}/edit/scopes"'
    assert link in acl(linus, low)
    linus.post(f"/tokens/{low}/revoke")
    assert link not in acl(linus, low)


def test_it_takes_at_most_twelve_queries(visit: Visit, app: Flask, medium: str, cast: Cast) -> None:
    person = visit(cast.ada)
    for query in ("", f"?scopes={cast.high}&method=GET&path=/x&asked_by="):
        with counted(app) as asked:
            acl(person, medium, query)
        assert 5 < len(asked) <= 12, "\n".join(asked)

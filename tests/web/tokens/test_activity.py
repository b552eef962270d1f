"""The Activity tab of a token's page: for administrators only (SPEC 2, 11; TRAPS E1)."""

import re

import pytest
from flask.testing import FlaskClient

from app.store.queries import audit
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor

HTMX = {"HX_Request": "true", "HX_Request_Type": "partial"}


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_administrators_see_every_event_whole(visit: Visit, cast: Cast, issue: Issue, house: House, who: str) -> None:
    token_id = issue().token_id
    house.rotate(token_id)
    visitor = visit(getattr(cast, who))
    assert f'href="/tokens/{token_id}/activity"' in visitor.get(f"/tokens/{token_id}").text

    page = visitor.get(f"/tokens/{token_id}/activity").text

    assert page.count('<tr id="event-') == 2
    assert page.index("token.rotated") < page.index("token.issued")
    for text in ("test-request", "192.0.2.1", "status: – → active"):
        assert text in page
    assert re.search(r'aria-current="page"[^>]*>Activity<', page)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("who", ["linus", "margaret", "sam"])
def test_members_get_neither_the_tab_nor_its_fragment(
    visit: Visit, cast: Cast, issue: Issue, who: str, headers: dict[str, str]
) -> None:
    token_id = issue().token_id
    visitor = visit(getattr(cast, who))
    assert "/activity" not in visitor.get(f"/tokens/{token_id}").text
    answer = visitor.get(f"/tokens/{token_id}/activity", **headers)
    assert answer.status_code == 403
    assert "event-" not in answer.text


def test_nobody_is_led_to_the_sign_in_page(client: FlaskClient, issue: Issue) -> None:
    answer = client.get(f"/tokens/{issue().token_id}/activity")
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


def test_it_is_swapped_in_place(visit: Visit, cast: Cast, issue: Issue) -> None:
    answer = visit(cast.grace).get(f"/tokens/{issue().token_id}/activity", **HTMX)
    assert answer.text.count('<div id="tabbed"') == 1
    assert "<html" not in answer.text


def test_it_is_paged(visit: Visit, cast: Cast, issue: Issue, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 1)
    token_id = issue().token_id
    house.rotate(token_id)
    visitor: Visitor = visit(cast.grace)
    first = visitor.get(f"/tokens/{token_id}/activity").text
    assert "token.rotated" in first
    assert "token.issued" not in first
    older = first[first.index("?before=") + 8 : first.index('"', first.index("?before="))]
    second = visitor.get(f"/tokens/{token_id}/activity?before={older}").text
    assert "token.issued" in second
    assert ">Newer<" in second


@pytest.mark.parametrize("address", ["tok_" + "0" * 22 + "/activity", "x/activity"])
def test_there_is_none_of_what_is_no_token(visit: Visit, cast: Cast, address: str) -> None:
    assert visit(cast.grace).get(f"/tokens/{address}").status_code == 404


@pytest.mark.parametrize("before", ["-1", "abc", "9" * 30, "1000000000000"])
def test_what_is_no_page_is_said(visit: Visit, cast: Cast, issue: Issue, before: str) -> None:
    assert visit(cast.grace).get(f"/tokens/{issue().token_id}/activity?before={before}").status_code == 404

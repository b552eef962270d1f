"""Advanced settings of the form for a token: the same fields as on its tabs. SPEC 5 and 8."""

import html
from typing import Any

import pytest

from tests.cast import Cast
from tests.web.tokens.conftest import House, Visitor, fields, token_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NARROW: dict[str, Any] = {
    "ip_whitelist": "10.0.0.0/8, 10.1.2.3",
    "rate_limit": "1000/hour",
    "days": ["Mon", "Sun"],
    "time_from": "22:00",
    "time_until": "02:00",
    "access_rules": "GET /api/invoices/*",
}
KEPT = {
    "ip_whitelist": ["10.0.0.0/8"],
    "rate_limit": "1000/hour",
    "time_restriction": "Mon Sun 22:00-02:00",
    "access_rules": ["GET /api/invoices/*"],
}


@pytest.fixture
def form(cast: Cast) -> str:
    return f"/applications/{cast.billing}/credentials/new"


def advanced(page: str) -> tuple[bool, str]:
    """Whether the section is open, and what is in it."""
    tag, _, rest = page.partition('<details class="advanced" id="advanced"')[2].partition(">")
    return "open" in tag, html.unescape(rest.partition("</details>")[0])


def test_a_token_is_issued_with_what_is_set_there(linus: Visitor, form: str, house: House) -> None:
    token_id = token_of(linus.post(form, **fields(**NARROW)))
    assert house.token(token_id).restrictions == KEPT
    history = html.unescape(linus.get(f"/tokens/{token_id}").text.split('aria-label="Change history"')[1])
    assert "IP whitelist set to 10.0.0.0/8" in history


def test_it_is_closed_while_nothing_is_typed_and_sets_nothing(linus: Visitor, form: str, house: House) -> None:
    is_open, section = advanced(linus.get(form).text)
    assert not is_open
    for label in ("IP whitelist", "Rate limit", "From (UTC)", "Until (UTC)", "Access rules"):
        assert section.count(f">{label}<") == 1, label
    assert section.count('type="checkbox"') == 7
    token = house.token(token_of(linus.post(form, **fields())))
    assert not any(token.restrictions.values())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ip_whitelist": "10.0.0.5/24"}, "ip_whitelist"),
        ({"rate_limit": "0/hour"}, "rate_limit"),
        ({"days": [], "time_from": "09:00", "time_until": "17:00"}, "days"),
        ({"days": ["Mon"], "time_from": "9:5", "time_until": "17:00"}, "time_from"),
        ({"days": ["Mon"], "time_from": "09:00", "time_until": "09:00"}, "time_until"),
        ({"access_rules": "BREW /x"}, "access_rules"),
    ],
)
def test_what_does_not_fit_is_said_in_the_open_section_and_kept(
    linus: Visitor, form: str, house: House, typed: dict[str, Any], field: str
) -> None:
    answer = linus.post(form, **fields(**typed))
    assert answer.status_code == 422
    is_open, section = advanced(answer.text)
    assert is_open
    assert f'id="{field}-error"' in section
    for value in typed.values():
        assert all(one in section for one in (value if isinstance(value, list) else [value]))
    assert house.listed() == []


def test_it_stays_open_with_what_is_typed_where_another_field_is_at_fault(linus: Visitor, form: str) -> None:
    is_open, section = advanced(linus.post(form, **fields(name="", **NARROW)).text)
    assert is_open
    assert "10.0.0.0/8, 10.1.2.3" in section
    assert section.count("<input checked ") == 2


def test_issue_similar_copies_them(linus: Visitor, form: str) -> None:
    token_id = token_of(linus.post(form, **fields(**NARROW)))
    is_open, section = advanced(linus.get(f"{form}?like={token_id}").text)
    assert is_open
    for value in ("10.0.0.0/8", "1000/hour", "22:00", "02:00", "GET /api/invoices/*"):
        assert value in section, value
    assert section.count("<input checked ") == 2


def test_a_link_fills_them_in(linus: Visitor, form: str) -> None:
    is_open, section = advanced(linus.get(f"{form}?rate_limit=5/day&days=Tue&time_from=09:00").text)
    assert is_open
    assert 'value="5/day"' in section
    assert section.count("<input checked ") == 1

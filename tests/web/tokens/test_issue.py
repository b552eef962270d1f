"""Issuing a token from the form: SPEC 5, TRAPS 3.2."""

from typing import Any

import pytest

from app.domain.lifecycle import Status
from app.domain.risk import Risk
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visitor, fields, key_in, token_of

FRAGMENT = {"HX_Request": "true", "HX_Request_Type": "partial"}


@pytest.fixture
def form(cast: Cast) -> str:
    return f"/applications/{cast.billing}/credentials/new"


def test_a_low_token_works_at_once_and_its_key_is_in_the_answer(linus: Visitor, form: str, house: House) -> None:
    answer = linus.post(form, **fields(description="Runs at 02:00"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    key = key_in(answer)
    assert f"curl -H &#39;Authorization: Bearer {key}&#39; http://127.0.0.1:8000/api/v1/self" in answer.text
    assert f"POSTERN_TOKEN={key}" in answer.text
    token_id = token_of(answer)
    token = house.token(token_id)
    assert (token.name, token.status, token.description) == ("Nightly report", Status.ACTIVE, "Runs at 02:00")
    assert token.current_key.hint == f"pst_…{key[-4:]}"


def test_a_high_token_waits_and_its_page_says_so(linus: Visitor, form: str, house: House, cast: Cast) -> None:
    answer = linus.post(form, **fields(scopes=[cast.low, cast.high], reason=REASON))
    assert answer.status_code == 200
    assert key_in(answer)
    assert "PENDING_APPROVAL" in answer.text
    token_id = token_of(answer)
    assert house.token(token_id).status is Status.PENDING
    assert f'href="/approvals/{house.request(token_id).id}"' in answer.text


INVISIBLE = "\u200b" * 12


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Enter a name."),
        ({"name": "x" * 101}, "name", "at most 100"),
        ({"name": "Night\x00ly"}, "name", "U+0000"),
        ({"name": "Night\u202ely"}, "name", "U+202E"),
        ({"description": "x" * 2001}, "description", "at most 2,000"),
        ({"scopes": []}, "scopes", "at least one scope"),
        ({"scopes": ["invoice:everything"]}, "scopes", "not in the catalogue"),
        ({"scopes": ["invoice:*"]}, "scopes", "not in the catalogue"),
        ({"scopes": ["INVOICE:READ"]}, "scopes", "not in the catalogue"),
        ({"scopes": [f"invoice:read{n}" for n in range(10_000)]}, "scopes", "at most 50"),
        ({"expires": "2 weeks"}, "expires", "Choose when"),
        ({"expires": ""}, "expires", "Choose when"),
        ({"expires": "custom", "expires_on": ""}, "expires_on", "year-month-day"),
        ({"expires": "custom", "expires_on": "2026-02-30"}, "expires_on", "no such day"),
        ({"expires": "custom", "expires_on": "2026-11-22"}, "expires_on", "in the future"),
        ({"expires": "custom", "expires_on": "9999-01-01"}, "expires_on", "up to 2999"),
        ({"expires": "custom", "expires_on": "2027-01-31T00:00+14:00"}, "expires_on", "year-month-day"),
        ({"expires": "custom", "expires_on": "２０２７-01-31"}, "expires_on", "year-month-day"),
        ({"scopes": ["invoice:write"], "reason": ""}, "reason", "at least 10"),
        ({"scopes": ["invoice:write"], "reason": " " * 40}, "reason", "at least 10"),
        ({"scopes": ["invoice:write"], "reason": "x"}, "reason", "at least 10"),
        ({"scopes": ["invoice:write"], "reason": INVISIBLE}, "reason", "U+200B"),
        ({"scopes": ["invoice:write"], "reason": "x" * 2001}, "reason", "at most 2,000"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_issued(
    linus: Visitor, form: str, house: House, typed: dict[str, Any], field: str, sentence: str
) -> None:
    answer = linus.post(form, **fields(**typed))
    assert answer.status_code == 422
    shown = answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert sentence in shown
    assert house.listed() == []


def test_what_was_typed_is_kept(linus: Visitor, form: str, cast: Cast) -> None:
    typed = {"name": "Kept name", "description": "Kept <text>", "expires": "custom", "expires_on": "2027-01-31"}
    sent = fields(scopes=[cast.medium], reason="short", **typed)
    answer = linus.post(form, **sent)
    assert answer.status_code == 422
    for piece in ("Kept name", "Kept &lt;text&gt;", "2027-01-31", ">\r\nshort<", f'value="{sent["form_id"]}"'):
        assert piece in answer.text, piece
    assert 'value="invoice:write" aria-describedby="scopes-invoice-write-says" checked' in answer.text
    assert 'selected value="custom"' in answer.text


def test_everything_that_does_not_fit_is_said_at_once(linus: Visitor, form: str) -> None:
    answer = linus.post(form, **fields(name="", scopes=[], expires="soon"))
    assert "3 fields need another look" in answer.text


def test_a_key_in_a_text_is_refused_and_does_not_come_back(linus: Visitor, form: str, issue: Issue) -> None:
    key = issue(name="Other").key
    answer = linus.post(form, **fields(description=f"The key is {key}"))
    assert answer.status_code == 422
    assert "This text contains a key." in answer.text
    assert key not in answer.text


def test_fields_that_the_form_does_not_list_are_ignored(linus: Visitor, form: str, house: House, cast: Cast) -> None:
    smuggled = {"status": "active", "risk": "low", "approved_by": cast.grace, "expires_at": "", "__proto__": "x"}
    sent = fields(scopes=[cast.high], reason=REASON, application_id="app_" + "0" * 22, **smuggled)
    answer = linus.post(form, **sent, **{"csrf_token[]": "x", "constructor": "y"})
    token = house.token(token_of(answer))
    assert (token.status, token.risk, token.application.id) == (Status.PENDING, Risk.HIGH, cast.billing)


def test_of_repeated_fields_the_first_counts_and_scopes_collapse(
    linus: Visitor, form: str, house: House, cast: Cast
) -> None:
    sent = fields(name=["First", "Second"], scopes=[cast.low, cast.low])
    token = house.token(token_of(linus.post(form, **sent)))
    assert token.name == "First"
    assert [scope.name for scope in token.scopes] == [cast.low]


@pytest.mark.parametrize("name", ["Nightly report", "  nightly  REPORT", "ＮＩＧＨＴＬＹ report"])
def test_a_name_is_taken_however_it_is_written(linus: Visitor, form: str, issue: Issue, name: str) -> None:
    issue()
    answer = linus.post(form, **fields(name))
    assert answer.status_code == 422
    assert "has this name" in answer.text


def test_a_form_without_its_token_is_shown_again_to_be_sent_again(linus: Visitor, form: str, house: House) -> None:
    answer = linus.client.post(form, data=fields("Typed name"))
    assert answer.status_code == 400
    assert "Typed name" in answer.text
    assert house.listed() == []


def test_a_full_application_says_so_above_the_form(
    linus: Visitor, form: str, house: House, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(name="The only one")
    monkeypatch.setattr("app.domain.issuing.MOST_LIVE_TOKENS", 1)
    answer = linus.post(form, **fields("One too many"))
    assert answer.status_code == 409
    assert "the most it can have" in answer.text
    assert 'name="form_id"' in answer.text
    assert "One too many" in answer.text


def test_scopes_stand_by_resource_with_their_risk_and_their_sentence(linus: Visitor, form: str, cast: Cast) -> None:
    page = linus.get(form).text
    assert page.index("<legend>invoice</legend>") < page.index(cast.low) < page.index("<legend>payout</legend>")
    assert "May payout:create." in page
    assert page.count("High risk") == 1


def test_a_retired_scope_is_not_offered(linus: Visitor, form: str, house: House, cast: Cast) -> None:
    house.retire(cast.low)
    assert f'value="{cast.low}"' not in linus.get(form).text


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ("expires=1+month", ["No scope chosen yet", "23 Dec 2026 12:00 UTC"]),
        (
            "scopes=invoice:read&expires=1+week",
            ["Low risk", "No approval needed", "A reason is optional", "30 Nov 2026"],
        ),
        ("scopes=invoice:write&scopes=invoice:read&expires=never", ["Medium risk", "set by", "Never expires"]),
        ("scopes=payout:create&expires=3+months", ["High risk", "Needs approval", "3 months after approval"]),
        ("scopes=payout:create&expires=custom&expires_on=2026-02-30", ["no such day"]),
        ("scopes=gone:gone&expires=custom&expires_on=2027-01-31", ["No scope chosen yet", "1 Feb 2027 00:00 UTC"]),
    ],
)
def test_the_form_says_what_the_choices_would_mean(linus: Visitor, form: str, choices: str, said: list[str]) -> None:
    answer = linus.get(f"{form}?{choices}", **FRAGMENT)
    assert "<html" not in answer.text
    for sentence in said:
        assert sentence in answer.text, sentence


def test_the_address_of_what_is_said_is_the_form_filled_in(linus: Visitor, form: str, cast: Cast) -> None:
    page = linus.get(f"{form}?scopes={cast.high}&expires=3+months&name=Payouts&reason=No").text
    assert 'value="Payouts"' in page
    assert "3 months after approval" in page
    assert 'value="payout:create" aria-describedby="scopes-payout-create-says" checked' in page
    assert ">\r\n</textarea>" in page.split('id="reason"')[1]

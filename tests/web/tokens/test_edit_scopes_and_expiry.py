"""Editing scopes and end of a token: tighter holds at once, looser waits where the policy asks. SPEC 6 and 7."""

from typing import Any

import pytest

from app.domain.risk import Risk
from tests.cast import Cast
from tests.web.forms import as_read
from tests.web.tokens.conftest import House, Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, WHY, address, held, low, medium, opened, save, waiting

__all__ = ["low", "medium"]


def test_a_scope_is_removed_at_once(linus: Visitor, medium: str, house: House, cast: Cast) -> None:
    answer = save(linus, medium, "scopes", scopes=[cast.low])
    assert answer.status_code == 303
    assert held(house, medium) == [cast.low]
    assert "Saved." in linus.get(answer.location).text


def test_a_scope_added_to_a_risky_token_waits_and_the_page_says_so(
    linus: Visitor, medium: str, house: House, cast: Cast
) -> None:
    answer = save(linus, medium, "scopes", scopes=[cast.medium, cast.high])
    page = linus.get(answer.location).text
    request = waiting(house, medium)
    assert held(house, medium) == [cast.low, cast.medium]
    for piece in ("Asked for this change.", "A change waits for approval", f'href="/approvals/{request.id}"'):
        assert piece in page, piece
    assert f"added {cast.high}, removed {cast.low}" in page
    assert 'action="/approvals/' in page
    assert 'id="cancel"' not in page
    assert request.reason == WHY


def test_an_earlier_end_holds_at_once_and_a_later_one_waits(linus: Visitor, medium: str, house: House) -> None:
    save(linus, medium, "expiry", expires="1 week", expires_on="")
    assert str(house.token(medium).expires_at) == "2026-11-30 12:00:00+00:00"

    save(linus, medium, "expiry", expires="never", expires_on="")
    assert str(house.token(medium).expires_at) == "2026-11-30 12:00:00+00:00"
    page = linus.get(f"/tokens/{medium}").text
    assert "Expires at: 30 Nov 2026 12:00 UTC → No expiration" in as_read(page)


def test_a_low_token_without_end_says_never(linus: Visitor, low: str) -> None:
    save(linus, low, "expiry", expires="never", expires_on="")
    assert "Never" in linus.get(f"/tokens/{low}").text.split("Ends</dt>")[1].split("</dd>")[0]


def test_what_waits_can_be_cancelled_from_the_token_by_who_may(
    linus: Visitor, visit: Visit, medium: str, cast: Cast
) -> None:
    save(visit(cast.margaret), medium, "expiry", expires="never", expires_on="")
    cancel = linus.get(f"/tokens/{medium}").text.split('action="/approvals/')[1].split('"')[0]
    assert ">Cancel request</button>" not in visit(cast.grace).get(f"/tokens/{medium}").text
    assert linus.post(f"/approvals/{cancel}").status_code == 303
    assert "A change waits" not in linus.get(f"/tokens/{medium}").text


def test_a_second_loosening_is_409_and_what_was_chosen_is_kept(linus: Visitor, medium: str, cast: Cast) -> None:
    save(linus, medium, "expiry", expires="never", expires_on="")
    answer = save(linus, medium, "scopes", scopes=[cast.high], reason="Kept as it is")
    assert answer.status_code == 409
    assert "already waits" in answer.text
    assert "Kept as it is" in answer.text
    assert answer.text.count(" checked>") == 1


@pytest.mark.parametrize(
    ("part", "typed", "field", "sentence"),
    [
        ("scopes", {"scopes": []}, "scopes", "at least one scope"),
        ("scopes", {"scopes": ["invoice:everything"]}, "scopes", "not in the catalogue"),
        ("scopes", {"scopes": ["invoice:read"], "reason": ""}, "reason", "at least 10"),
        ("expiry", {"expires": ""}, "expires", "Choose when"),
        ("expiry", {"expires": "2 weeks"}, "expires", "Choose when"),
        ("expiry", {"expires": "custom", "expires_on": "2026-02-30"}, "expires_on", "no such day"),
        ("expiry", {"expires": "custom", "expires_on": "2026-11-22"}, "expires_on", "in the future"),
        ("expiry", {"expires": "1 week", "reason": "short"}, "reason", "at least 10"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_changes(
    linus: Visitor, medium: str, house: House, part: str, typed: dict[str, Any], field: str, sentence: str
) -> None:
    before = house.token(medium)
    answer = save(linus, medium, part, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert house.token(medium) == before


def test_what_was_chosen_is_kept(linus: Visitor, medium: str, cast: Cast) -> None:
    chosen = save(linus, medium, "scopes", scopes=[cast.high], reason="short").text
    assert f'value="{cast.high}" aria-describedby="scopes-payout-create-says" checked' in chosen
    assert chosen.count(" checked>") == 1
    ended = save(linus, medium, "expiry", expires="custom", expires_on="2027-02-03", reason="short").text
    assert 'value="2027-02-03"' in ended
    assert 'selected value="custom"' in ended


def test_a_retired_scope_is_offered_to_its_holder_only(
    linus: Visitor, low: str, medium: str, house: House, cast: Cast
) -> None:
    house.retire(cast.medium)
    assert f'value="{cast.medium}"' in linus.get(address(medium, "scopes")).text
    assert f'value="{cast.medium}"' not in linus.get(address(low, "scopes")).text


OUTLOOKS = [
    ("scopes", "scopes=invoice:read", ["Tighter.", "Removes <code>invoice:write", "Medium risk", "No approval needed"]),
    ("scopes", "scopes=invoice:write&scopes=payout:create", ["Looser.", "High risk", "Needs approval.", "a reason"]),
    ("scopes", "scopes=invoice:read&scopes=invoice:write", ["No change yet."]),
    ("scopes", "", ["Nothing to save yet.", "at least one scope"]),
    ("expiry", "expires=never", ["Looser.", "Never expires.", "Needs approval."]),
    ("expiry", "expires=1 year", ["Looser.", "Expires 1 year after approval.", "23 Nov 2027"]),
    ("expiry", "expires=1 week", ["Tighter.", "30 Nov 2026", "No approval needed"]),
    ("expiry", "expires=custom&expires_on=2026-11-23", ["Tighter.", "24 Nov 2026"]),
    ("expiry", "expires=custom&expires_on=nonsense", ["Nothing to save yet.", "year-month-day"]),
]


@pytest.mark.parametrize(("part", "chosen", "said"), OUTLOOKS)
def test_what_saving_would_mean_is_said_before(
    linus: Visitor, medium: str, house: House, part: str, chosen: str, said: list[str]
) -> None:
    before = house.token(medium)
    answer = linus.client.get(f"{address(medium, part)}/outlook?{chosen}", headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<form" not in answer.text
    for piece in said:
        assert piece in answer.text, piece
    assert house.token(medium) == before


def test_a_low_token_is_loosened_without_approval_and_the_outlook_knows(linus: Visitor, low: str) -> None:
    said = linus.client.get(f"{address(low, 'expiry')}/outlook?expires=never", headers=FRAGMENT).text
    assert "Looser." in said
    assert "No approval needed." in said


def test_opened_by_itself_an_outlook_is_the_page_with_the_form(linus: Visitor, medium: str) -> None:
    page = linus.get(f"{address(medium, 'expiry')}/outlook?expires=never").text
    assert "<html" in page
    assert 'selected value="never"' in page
    assert ">Save changes</button>" in page


def test_the_outlook_asks_the_policy_at_the_risk_after(linus: Visitor, low: str, house: House, cast: Cast) -> None:
    assert house.token(low).risk is Risk.LOW
    said = linus.client.get(f"{address(low, 'scopes')}/outlook?scopes={cast.low}&scopes={cast.high}", headers=FRAGMENT)
    assert "Needs approval." in said.text
    assert opened(linus, low, "scopes")

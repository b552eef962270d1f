"""Disabling a token: SPEC 6."""

import re

import pytest

from app.domain.lifecycle import Status
from tests import people
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor


def test_it_holds_from_the_answer_on(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    answer = linus.post(f"/tokens/{token_id}/disable", reason="Seen in a log")
    assert (answer.status_code, answer.location) == (303, f"/tokens/{token_id}")
    assert house.token(token_id).status is Status.DISABLED
    page = linus.get(answer.location).text
    assert "Every verification that starts now is refused." in page
    assert "Disabled by Linus" in page
    assert "“Seen in a log”" in page


def test_the_reason_may_be_left_out(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    linus.post(f"/tokens/{token_id}/disable")
    assert house.token(token_id).status is Status.DISABLED


def test_a_second_press_is_harmless_and_leaves_one_event(linus: Visitor, issue: Issue, house: House) -> None:
    token_id = issue().token_id
    answers = [linus.post(f"/tokens/{token_id}/disable").status_code for _ in range(2)]
    assert answers == [303, 303]
    assert "was disabled already" in linus.get(f"/tokens/{token_id}").text
    assert len(people.events(house.app, "token.disabled")) == 1


def test_the_confirmation_bears_the_name_of_what_it_does(linus: Visitor, issue: Issue) -> None:
    page = linus.get(f"/tokens/{issue().token_id}").text
    assert re.search(r'commandfor="disable">Disable</button>', page)
    dialog = page.split('<dialog class="dialog" id="disable"')[1].split("</dialog>")[0]
    assert ">Disable</button>" in dialog
    assert " open" not in dialog.split(">")[0]


@pytest.mark.parametrize(("reason", "said"), [("x" * 2001, "at most 2,000"), ("a\u200bb", "U+200B")])
def test_a_reason_that_does_not_fit_opens_the_dialog_again(
    linus: Visitor, issue: Issue, house: House, reason: str, said: str
) -> None:
    token_id = issue().token_id
    answer = linus.post(f"/tokens/{token_id}/disable", reason=reason)
    assert answer.status_code == 422
    dialog = answer.text.split('<dialog class="dialog" id="disable"')[1].split("</dialog>")[0]
    assert " open data-modal" in dialog.split(">")[0]
    assert said in dialog
    assert reason in dialog
    assert house.token(token_id).status is Status.ACTIVE


def test_what_is_revoked_cannot_be_disabled(linus: Visitor, issue: Issue) -> None:
    token_id = issue().token_id
    linus.post(f"/tokens/{token_id}/revoke")
    answer = linus.post(f"/tokens/{token_id}/disable")
    assert answer.status_code == 409
    assert "This token is revoked: you cannot disable it now." in answer.text


def test_an_administrator_from_outside_may(visit: Visit, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    assert visit(cast.grace).post(f"/tokens/{token_id}/disable").status_code == 303
    assert house.token(token_id).disabled_by_administrator

"""Tokens of one application that are ticked and stopped together, without JavaScript. SPEC 14."""

import re

import pytest

from app.domain.lifecycle import UNDO_DISABLE
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, house, issue, visit

__all__ = ["house", "issue", "visit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ids(issue: Issue) -> list[str]:
    return [issue(name=name).token_id for name in ("One", "Two")]


@pytest.fixture
def here(cast: Cast) -> str:
    return f"/applications/{cast.billing}/credentials"


def test_each_live_token_can_be_ticked(visit: Visit, cast: Cast, ids: list[str], here: str) -> None:
    page = visit(cast.linus).get(here).text

    assert page.count('type="checkbox" form="pick" name="token"') == 2
    assert f'action="{here}/stopping"' in page


@pytest.mark.parametrize("who", ["linus", "margaret", "grace"])
def test_the_ticked_ones_are_shown_and_then_stopped(
    visit: Visit, cast: Cast, issue: Issue, house: House, ids: list[str], here: str, who: str
) -> None:
    waiting = issue(name="Waiting", scopes=(cast.high,), reason=REASON).token_id
    visitor = visit(getattr(cast, who))

    preview = visitor.post(f"{here}/stopping", stop="disable", token=[*ids, waiting])
    assert "Disable 2 tokens?" in preview.text
    assert ">Waiting</a>" in preview.text.split("What stays as it is", 1)[1]
    assert house.token(ids[0]).status.value == "active"
    answer = visitor.post(f"{here}/stop", stop="disable", token=",".join(ids), reason=REASON)

    assert answer.status_code == 303
    assert "Disabled 2 tokens" in visitor.get(answer.location).text
    assert [house.token(each).status.value for each in (*ids, waiting)] == ["disabled", "disabled", "pending"]


def test_it_can_be_taken_back_for_30_minutes(visit: Visit, cast: Cast, house: House, ids: list[str], here: str) -> None:
    linus = visit(cast.linus)
    incident = linus.post(f"{here}/stop", stop="disable", token=ids).location
    assert "Enable all again" in linus.get(incident).text
    assert "Enable all again" not in visit(cast.margaret).get(incident).text

    assert ">23 Nov 2026 12:30 UTC</time> you can take this back" in linus.get(incident).text
    assert linus.post(f"{incident}/undo").location == incident

    assert [house.token(each).status.value for each in ids] == ["active", "active"]
    house.clock.advance(UNDO_DISABLE * 2)
    assert linus.post(f"{incident}/undo").status_code == 409


@pytest.mark.parametrize(
    "fields", [{"stop": "disable"}, {"stop": "delete", "token": "tok_1"}, {"stop": "revoke", "token": "x"}]
)
def test_nothing_ticked_is_said_on_the_list(
    visit: Visit, cast: Cast, ids: list[str], here: str, fields: dict[str, str]
) -> None:
    linus = visit(cast.linus)

    answer = linus.post(f"{here}/stopping", **fields)

    assert (answer.status_code, answer.location) == (303, here)
    assert "Nothing was changed." in linus.get(here).text


def test_whoever_thinks_better_of_it_is_led_back_to_where_they_ticked(
    visit: Visit, cast: Cast, ids: list[str], here: str
) -> None:
    linus, place = visit(cast.linus), "q=o&sort=-name"
    page = linus.get(f"{here}?{place}").text.split('id="pick"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert {"q": "o", "sort": "-name"}.items() <= fields.items()

    preview = linus.post(f"{here}/stopping", stop="disable", token=ids, q="o", sort="-name").text
    refused = linus.post(f"{here}/stop", stop="disable", token=ids, reason="x" * 2001, q="o", sort="-name").text
    none = linus.post(f"{here}/stopping", stop="disable", q="o", sort="-name")

    for shown in (preview, refused):
        assert f'href="{here}?q=o&amp;sort=-name"' in shown
    assert none.location == f"{here}?{place}"


def test_a_reason_that_does_not_fit_is_kept(visit: Visit, cast: Cast, ids: list[str], here: str, house: House) -> None:
    answer = visit(cast.linus).post(f"{here}/stop", stop="revoke", token=ids, reason="x" * 2001)

    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert "Revoke 2 tokens?" in answer.text
    assert house.token(ids[0]).status.value == "active"


def test_a_stranger_finds_nothing_and_stops_nothing(
    visit: Visit, cast: Cast, house: House, ids: list[str], here: str
) -> None:
    sam = visit(cast.sam)
    incident = visit(cast.linus).post(f"{here}/stop", stop="disable", token=ids[0]).location

    for path in (f"{here}/stopping", f"{here}/stop", f"{incident}/undo"):
        assert sam.post(path, stop="revoke", token=ids).status_code == 404
    assert sam.get(incident).status_code == 404
    assert house.token(ids[1]).status.value == "active"


def test_tokens_of_another_application_are_not_hit(
    visit: Visit, cast: Cast, issue: Issue, house: House, here: str
) -> None:
    foreign = issue(by=cast.grace, application_id=house.application_of(cast.grace)).token_id
    grace = visit(cast.grace)

    assert ">Nightly report</a>" not in grace.post(f"{here}/stopping", stop="disable", token=foreign).text
    assert grace.post(f"{here}/stop", stop="disable", token=foreign).status_code == 404
    assert house.token(foreign).status.value == "active"

"""Restrictions and access rules are edited in their regions: tighter at once, looser by a second person. SPEC 8, 9."""

import html
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.web.tokens.conftest import House, Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, WHY, address, low, medium, opened, save, waiting

__all__ = ["low", "medium"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOURS = {"days": ["Mon", "Fri"], "time_from": "22:00", "time_until": "02:00"}
SET: dict[str, tuple[str, dict[str, Any], str]] = {
    "ip-whitelist": ("security", {"ip_whitelist": "10.0.0.0/8\n2001:db8::7"}, "10.0.0.0/8 2001:db8::7"),
    "rate-limit": ("security", {"rate_limit": "1000/hour"}, "1,000 an hour"),
    "time-restriction": ("security", HOURS, "Mon, Fri, 22:00 to 02:00 on the next day UTC"),
    "access-rules": ("acl", {"access_rules": "GET /api/invoices/*"}, "GET /api/invoices/*"),
}
CLEARED: dict[str, dict[str, Any]] = {
    "ip-whitelist": {"ip_whitelist": ""},
    "rate-limit": {"rate_limit": " "},
    "time-restriction": {"days": [], "time_from": "", "time_until": ""},
    "access-rules": {"access_rules": "\n"},
}


def words(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)))


def region(page: str, part: str) -> str:
    """The part's region, as text."""
    return words(page.split(f'id="card-{part}"')[1].partition("</section>\n</section>")[0])


def would(visitor: Visitor, token_id: str, part: str, **typed: Any) -> str:
    """What saving would mean, as htmx asks for it while somebody types."""
    sent = {"csrf_token": visitor.form_token, **typed}
    answer = visitor.client.post(f"{address(token_id, part)}/outlook", data=sent, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<form" not in answer.text
    return words(answer.text)


@pytest.mark.parametrize("part", SET)
def test_each_is_set_in_its_region_and_shown_in_words(linus: Visitor, low: str, part: str) -> None:
    tab, typed, shown = SET[part]
    page = linus.get(f"/tokens/{low}/{tab}").text
    assert f'href="{address(low, part)}"' in page
    assert shown not in region(page, part)
    answer = save(linus, low, part, **typed)
    assert (answer.status_code, answer.location) == (303, f"/tokens/{low}/{tab}")
    page = linus.get(answer.location).text
    assert "Saved. It holds from now on." in page
    assert shown in region(page, part)


@pytest.mark.parametrize("part", SET)
def test_the_form_opens_with_what_is_set_and_saves_it_unchanged(
    linus: Visitor, low: str, house: House, part: str
) -> None:
    save(linus, low, part, **SET[part][1])
    before = house.token(low)
    form = linus.get(address(low, part)).text
    for value in SET[part][1].values():
        for one in value if isinstance(value, list) else [value]:
            assert one in form, one
    if part == "time-restriction":
        assert form.split('id="days"')[1].split("</fieldset>")[0].count(" checked ") == 2
    answer = save(linus, low, part, **SET[part][1])
    assert "Nothing was changed" in linus.get(answer.location).text
    assert house.token(low) == before


@pytest.mark.parametrize("part", SET)
def test_taking_one_away_from_a_risky_token_waits_and_says_so_before_it_is_saved(
    linus: Visitor, medium: str, house: House, part: str
) -> None:
    save(linus, medium, part, **SET[part][1])
    told = would(linus, medium, part, **CLEARED[part])
    for piece in ("Looser.", "Then: ", "Needs approval.", "Needs a reason"):
        assert piece in told, piece
    before = house.token(medium)
    answer = save(linus, medium, part, **CLEARED[part])
    assert house.token(medium).restrictions == before.restrictions
    assert waiting(house, medium).reason == WHY
    page = linus.get(answer.location).text
    assert "A change waits for approval" in page
    assert "None" in page.split('aria-label="What would change"')[1].split("</ul>")[0]


@pytest.mark.parametrize("part", SET)
def test_taking_one_away_from_a_low_token_holds_at_once_and_is_told(
    linus: Visitor, low: str, house: House, part: str
) -> None:
    save(linus, low, part, **SET[part][1])
    assert "No approval needed." in would(linus, low, part, **CLEARED[part])
    assert save(linus, low, part, **CLEARED[part]).status_code == 303
    assert not any(house.token(low).restrictions.values())
    assert "removed" in words(linus.get(f"/tokens/{low}").text.split('aria-label="Change history"')[1])


@pytest.mark.parametrize("part", SET)
def test_a_field_that_is_not_sent_takes_nothing_away(linus: Visitor, low: str, house: House, part: str) -> None:
    save(linus, low, part, **SET[part][1])
    before = house.token(low)
    save(linus, low, part)
    assert house.token(low) == before


def test_htmx_gets_the_page_anew_where_it_is_and_the_form_alone_where_it_is_refused(linus: Visitor, low: str) -> None:
    sent = {"csrf_token": linus.form_token, **opened(linus, low, "rate-limit"), "reason": WHY}
    refused = linus.client.post(address(low, "rate-limit"), data=sent | {"rate_limit": "0/hour"}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "<html" not in refused.text
    assert 'value="0/hour"' in refused.text
    saved = linus.client.post(address(low, "rate-limit"), data=sent | {"rate_limit": "5/day"}, headers=FRAGMENT)
    assert saved.status_code == 200
    assert saved.headers["HX-Retarget"] == "#main"
    assert "5 a day" in region(saved.text, "rate-limit")
    assert 'id="tab-security"' in saved.text


def test_somebody_else_was_first_and_what_they_did_is_shown(
    visit: Visit, linus: Visitor, low: str, house: House, cast: Cast
) -> None:
    form = opened(linus, low, "ip-whitelist")
    save(visit(cast.margaret), low, "rate-limit", rate_limit="5/day")
    answer: TestResponse = linus.post(
        address(low, "ip-whitelist"), **form, ip_whitelist="10.0.0.0/8", reason="Kept as it is"
    )
    assert answer.status_code == 409
    problem = words(answer.text.split('id="problem"')[1].split("</section>")[0])
    assert "Rate limit set to 5 a day (Margaret" in problem
    for typed in ("10.0.0.0/8</textarea>", "Kept as it is</textarea>"):
        assert typed in answer.text
    assert house.token(low).restrictions["ip_whitelist"] is None


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("ip-whitelist", {"ip_whitelist": "10.0.0.0/8, 10.1.2.3"}, ["Adds 10.0.0.0/8", "Left out", "10.1.2.3"]),
        ("ip-whitelist", {"ip_whitelist": "10.0.0.5/24"}, ["Nothing to save yet.", "10.0.0.0/24"]),
        ("ip-whitelist", {"ip_whitelist": ""}, ["No change yet."]),
        ("rate-limit", {"rate_limit": "10/second"}, ["Tighter.", "Then: 10 a second"]),
        ("time-restriction", HOURS, ["Tighter.", "22:00 to 02:00 on the next day"]),
        ("time-restriction", {**HOURS, "days": []}, ["Nothing to save yet.", "at least one day"]),
        ("access-rules", {"access_rules": "BREW /x"}, ["Nothing to save yet.", "GET, POST"]),
    ],
)  # fmt: skip
def test_what_saving_would_mean_is_said_while_it_is_typed(
    linus: Visitor, low: str, house: House, part: str, typed: dict[str, Any], said: list[str]
) -> None:
    before = house.token(low)
    told = would(linus, low, part, **typed)
    for piece in said:
        assert piece in told, piece
    assert house.token(low) == before


def test_what_was_left_out_of_a_whitelist_is_told_without_javascript_too(linus: Visitor, low: str) -> None:
    answer = save(linus, low, "ip-whitelist", ip_whitelist="10.0.0.0/8, 10.1.2.3, 10.0.0.0/8, 192.0.2.1")
    assert "another entry covers it: 10.1.2.3, 10.0.0.0/8." in linus.get(answer.location).text


def test_hours_come_with_what_the_page_needs_to_say_them_locally(linus: Visitor, low: str) -> None:
    save(linus, low, "time-restriction", **HOURS)
    page = linus.get(f"/tokens/{low}/security").text
    assert 'data-hours data-days="Mon Fri" data-from="22:00" data-until="02:00"' in page

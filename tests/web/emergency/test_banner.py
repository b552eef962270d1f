"""The banner, and the news that open pages ask for: SPEC 10."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store.database import db
from app.store.tables import UserSessionRow
from tests.cast import Cast
from tests.web.emergency.conftest import HTMX, activate, banner, deactivate
from tests.web.tokens.conftest import House, Issue, Visit, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)
EVERYWHERE = ["/", "/applications", "/approvals", "/scopes", "/audit", "/account", "/no-such-page"]


@pytest.mark.parametrize("who", ["linus", "margaret", "grace", "ada"])
def test_it_stands_on_the_tokens_pages_for_everyone(
    visit: Visit, opened: str, cast: Cast, clock: FixedClock, who: str
) -> None:
    visitor = visit(getattr(cast, who))
    clock.advance(timedelta(minutes=18))

    for tab in ("", "/acl", "/security"):
        shown = banner(visitor.get(f"/tokens/{opened}{tab}").text)

        assert "Emergency access is open." in shown
        assert "Nightly report of Billing until 23 Nov 2026 14:00 UTC, 1 hour 42 minutes left" in shown


def test_administrators_have_it_on_every_page(visit: Visit, opened: str, cast: Cast) -> None:
    grace = visit(cast.grace)

    assert [path for path in EVERYWHERE if "Nightly report" not in banner(grace.get(path).text)] == []


def test_members_have_it_nowhere_else(visit: Visit, opened: str, cast: Cast) -> None:
    linus = visit(cast.linus)

    assert [path for path in EVERYWHERE if "emergency-news" in linus.get(path).text] == []


def test_a_page_of_another_token_tells_its_people_nothing(visit: Visit, opened: str, issue: Issue, cast: Cast) -> None:
    other = issue(name="Monthly report").token_id

    assert banner(visit(cast.linus).get(f"/tokens/{other}").text) == ""
    assert "Nightly report" in banner(visit(cast.ada).get(f"/tokens/{other}").text)


def test_a_strangers_not_found_page_says_nothing(visit: Visit, opened: str, cast: Cast) -> None:
    page = visit(cast.sam).get(f"/tokens/{opened}")

    assert page.status_code == 404
    assert banner(page.text) == ""


def test_it_is_gone_at_the_end_though_nothing_ran(visit: Visit, opened: str, cast: Cast, clock: FixedClock) -> None:
    grace = visit(cast.grace)
    clock.advance(2 * HOUR - timedelta(microseconds=1))
    assert "less than a minute left" in banner(grace.get("/").text)

    clock.advance(timedelta(microseconds=1))

    assert banner(grace.get("/").text) == ""


def test_the_first_to_end_come_first_and_the_rest_are_counted(
    ada: Visitor, issue: Issue, token_id: str, cast: Cast
) -> None:
    for hours in "54321":
        activate(ada, issue(name=f"Report {hours}").token_id, hours)

    shown = banner(ada.get("/").text)

    assert re.findall(r"Report \d", shown) == ["Report 1", "Report 2", "Report 3"]
    assert "2 more" in shown


def test_on_a_tokens_own_page_it_is_the_first(ada: Visitor, issue: Issue, cast: Cast) -> None:
    tokens = {hours: issue(name=f"Report {hours}").token_id for hours in "12345"}
    for hours, token in tokens.items():
        activate(ada, token, hours)

    shown = banner(ada.get(f"/tokens/{tokens['4']}/acl").text)

    assert re.findall(r"Report \d", shown) == ["Report 4", "Report 1", "Report 2"]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found, "no banner, not even an empty one"
    return found[1]


def test_pages_ask_by_themselves_every_half_minute_even_where_nothing_is_open_yet(
    visit: Visit, token_id: str, cast: Cast
) -> None:
    for who, path in ((cast.grace, "/approvals"), (cast.linus, f"/tokens/{token_id}")):
        asks = re.search(r'<div id="emergency-news" role="status" [^>]*>', visit(who).get(path).text)
        assert asks
        assert 'hx-get="/emergency' in asks[0]
        assert 'hx-trigger="every 30s,' in asks[0]


def test_a_page_that_shows_what_is_so_hears_nothing_new(visit: Visit, opened: str, cast: Cast) -> None:
    grace = visit(cast.grace)

    news = grace.get(f"/emergency?seen={seen(grace.get('/').text)}", **HTMX)

    assert (news.status_code, news.text) == (204, "")


def test_it_comes_and_goes_on_pages_that_are_open(
    visit: Visit, ada: Visitor, token_id: str, cast: Cast, clock: FixedClock
) -> None:
    grace = visit(cast.grace)
    before = seen(grace.get("/").text)

    activate(ada, token_id)
    came = grace.get(f"/emergency?seen={before}", **HTMX)
    deactivate(ada, token_id)
    went = grace.get(f"/emergency?seen={seen(came.text)}", **HTMX)

    assert "Nightly report" in banner(came.text)
    assert "<html" not in came.text
    assert (went.status_code, banner(went.text), seen(went.text)) == (200, "", before)


def test_a_member_hears_of_the_token_at_hand_only(visit: Visit, opened: str, issue: Issue, cast: Cast) -> None:
    other = issue(name="Monthly report").token_id

    def told(who: str, token: str) -> str:
        return banner(visit(who).get(f"/emergency?token={token}", **HTMX).text)

    assert "Nightly report" in told(cast.linus, opened)
    assert [told(cast.linus, token) for token in (other, "", "tok_%00")] == ["", "", ""]
    assert told(cast.sam, opened) == ""


def test_opened_as_a_page_it_leads_to_home(visit: Visit, opened: str, cast: Cast) -> None:
    answer = visit(cast.grace).get("/emergency")

    assert (answer.status_code, answer.location) == (303, "/")


def test_asking_for_news_keeps_nobody_signed_in(
    visit: Visit, app: Flask, opened: str, cast: Cast, clock: FixedClock
) -> None:
    grace = visit(cast.grace)
    for _ in range(9):
        clock.advance(HOUR)
        grace.get("/emergency", **HTMX)

    assert grace.get("/").location.startswith("/login")
    with app.app_context():
        row = db.session.query(UserSessionRow).filter_by(user_id=cast.grace).one()
        assert row.seen_at == clock() - 9 * HOUR


def test_a_page_left_open_is_not_sent_away_from_what_is_typed_there(app: Flask, house: House) -> None:
    answer = app.test_client().get("/emergency", headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert (answer.status_code, answer.text) == (204, "")
    assert "HX-Redirect" not in answer.headers

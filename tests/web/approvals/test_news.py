"""A list that stays open hears what became of the requests that it shows as waiting (SPEC 7)."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from werkzeug.test import TestResponse

from app.clock import FixedClock
from tests.cast import Cast
from tests.databases import POSTGRESQL, on_sqlite
from tests.web.approvals.conftest import Ask, Asked, Desk, Sit
from tests.web.approvals.test_listing import HTMX

# A page: what it does to the database is tried on both in tests/services/approvals.
database_url = on_sqlite
SHOWN = re.compile(r'name="shown" value="(req_\w+)"')


def news(desk: Desk, *asked: Asked, **more: str) -> TestResponse:
    """What a page that shows these as waiting is told."""
    query = urlencode([("shown", one.id) for one in asked] + list(more.items()))
    return desk.client.get(f"/approvals/news?{query}", headers=HTMX)


def said(answer: TestResponse) -> str:
    """What is read out."""
    return str(json.loads(answer.headers["HX-Trigger"])["postern:announce"]["value"])


def test_the_page_asks_by_itself_and_names_what_it_shows_as_waiting(cast: Cast, ask: Ask, sit: Sit) -> None:
    over = ask(name="over")
    grace = sit(cast.grace)
    grace.decide(over, "reject", "Not now")
    waiting = ask()
    page = grace.open("/approvals")
    assert SHOWN.findall(page) == [waiting.id]
    assert 'hx-get="/approvals/news?show=all&amp;since=2026-11-23T12:00:00Z"' in page
    assert 'hx-trigger="every 20s, visibilitychange from:document"' in page


def test_where_only_decided_ones_are_shown_nothing_is_asked(cast: Cast, sit: Sit) -> None:
    assert "/approvals/news" not in sit(cast.grace).open("/approvals?show=decided")


def test_what_has_come_since_is_told_once_and_shown_on_a_click(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    grace, first = sit(cast.grace), ask()
    page = html.unescape(grace.open("/approvals?kind=issue&sort=-risk"))
    found = re.search(r'hx-get="/approvals/news\?([^"]+)"', page)
    assert found
    # It asks about what it shows, not about what somebody is typing into its filters.
    asked = dict(parse_qsl(found[1]))
    assert asked == {"show": "all", "since": "2026-11-23T12:00:00Z", "sort": "-risk", "kind": "issue"}
    assert news(grace, first, come="0", **asked).status_code == 204

    clock.advance(timedelta(minutes=1))
    ask(name="second")
    answer = news(grace, first, come="0", **asked)
    assert said(answer) == "1 new request."
    shown = html.unescape(answer.text)
    assert '<div id="come" hx-nonce=' in shown
    assert '1 new request waits. <a href="/approvals?show=all&kind=issue&sort=-risk"' in shown
    assert news(grace, first, come="1", **asked).status_code == 204

    ask(name="third")
    assert said(news(grace, first, come="1", **asked)) == "2 new requests."
    grace.decide(first, "reject", "Not now")
    assert said(news(grace, first, come="2", **asked)) == "payouts: rejected by Grace."
    fewer = news(grace, come="3", **asked)
    assert "2 new requests wait." in fewer.text
    assert "HX-Trigger" not in fewer.headers


def test_what_does_not_fit_or_is_not_ones_to_see_has_not_come(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    since = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
    ask()
    for desk, narrowed in (
        (sit(cast.sam), {}),
        (sit(cast.grace), {"kind": "governance"}),
        (sit(cast.grace), {"about": "\x00"}),
        (sit(cast.grace), {"show": "mine"}),
    ):
        assert news(desk, since=since, **narrowed).status_code == 204
    far = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
    for nonsense in ("", "yesterday", "\x00", "9" * 300, *far):
        assert news(sit(cast.grace), since=nonsense).status_code == 204


@pytest.mark.parametrize("database_url", ["sqlite", POSTGRESQL], indirect=True)
def test_nonsense_that_is_said_to_be_shown_hides_nothing(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    since = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
    ask()
    nonsense = [Asked(text, "") for text in ("req_0000000000000000000000", "nonsense", "\x00", "")]
    for told in ("0", "-1", "many", "\x00", "9" * 5_000 + "x"):
        assert said(news(sit(cast.grace), *nonsense, since=since, come=told)) == "1 new request."


def test_while_all_still_wait_there_is_nothing_to_say(cast: Cast, ask: Ask, sit: Sit) -> None:
    answer = news(sit(cast.barbara), ask(), ask(name="other"))
    assert (answer.status_code, answer.text) == (204, "")
    assert "HX-Trigger" not in answer.headers


@pytest.mark.parametrize("who", ["barbara", "ada", "linus", "margaret"])
def test_the_row_of_what_was_decided_says_how_by_whom_and_when(cast: Cast, ask: Ask, sit: Sit, who: str) -> None:
    decided, waits = ask(), ask(name="still-waits")
    sit(cast.grace).decide(decided, "reject", "Too much power")

    answer = news(sit(getattr(cast, who)), decided, waits)

    assert answer.status_code == 200
    assert re.findall(r'<tr id="(\w+)" hx-nonce="[^"]+" hx-swap-oob="outerMorph">', answer.text) == [decided.id]
    for piece in ("Rejected", "by Grace", "just now"):
        assert piece in answer.text
    # It is told once: the row asks no more.
    assert SHOWN.findall(answer.text) == []
    assert said(answer) == "payouts: rejected by Grace."


def test_what_lapsed_by_the_clock_is_news_as_well(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    asked = ask()
    clock.advance(timedelta(days=7))
    answer = news(sit(cast.grace), asked)
    assert "Expired" in answer.text
    assert said(answer) == "payouts: expired."


def test_many_at_once_are_counted(cast: Cast, ask: Ask, sit: Sit) -> None:
    grace, asked = sit(cast.grace), [ask(name=f"number-{number}") for number in range(4)]
    for one in asked:
        grace.decide(one, "reject", "Not now")
    assert said(news(sit(cast.barbara), *asked)) == "4 requests of this list were decided."


def test_a_row_has_the_column_of_buttons_where_the_table_has_it(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked = ask()
    assert 'hx-get="/approvals/news?show=all&amp;acts=1&amp;since=' in sit(cast.linus).open("/approvals")
    sit(cast.grace).decide(asked, "reject", "Not now")
    own, other = (news(sit(who), asked, **more) for who, more in ((cast.linus, {"acts": "1"}), (cast.grace, {})))
    assert own.text.count("<td") == other.text.count("<td") + 1


def test_of_what_one_may_not_see_and_of_what_is_not_there_nothing_is_told(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked = ask()
    sit(cast.grace).decide(asked, "reject", "Not now")
    assert news(sit(cast.sam), asked).status_code == 204
    nonsense = [Asked(text, "") for text in ("req_0000000000000000000000", "nonsense", "\x00", "")]
    assert news(sit(cast.grace), *nonsense).status_code == 204


def test_as_a_page_it_is_the_list(cast: Cast, sit: Sit) -> None:
    answer = sit(cast.grace).client.get("/approvals/news")
    assert (answer.status_code, answer.location) == (303, "/approvals")

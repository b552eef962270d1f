"""An application's tokens, as its address narrows, sorts and pages them. SPEC 3 and 14."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.services.tokens.switch import disable_token, revoke_token
from app.store.queries import token_pages
from tests.cast import Cast
from tests.factories import actor
from tests.web.applications.conftest import Billing, Issue, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HTMX = {"HX_Request": "true", "HX_Request_Type": "partial"}


@pytest.fixture
def here(app: Flask, cast: Cast, billing: Billing, issue: Issue, clock: FixedClock) -> str:
    """The tab of an application with three tokens that can work, one of them disabled, and one that is over."""
    ids = {}
    for name in ("Nightly", "Weekly", "Yearly", "Leaked"):
        clock.advance(timedelta(minutes=1))
        medium = {"scopes": (cast.medium,), "reason": "It writes every week"} if name == "Weekly" else {}
        ids[name] = issue(name=name, **medium).token_id
    with app.app_context():
        disable_token(ids["Yearly"], "", actor(cast.linus, "Linus"), clock())
        revoke_token(ids["Leaked"], "", actor(cast.linus, "Linus"), clock())
    return f"{billing.page}/credentials"


def named(page: str) -> list[str]:
    return re.findall(r'href="/tokens/tok_\w+">(\w+)</a>', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Yearly", "Weekly", "Nightly", "Leaked"]),
        ("?sort=name", ["Nightly", "Weekly", "Yearly", "Leaked"]),
        ("?sort=-risk&status=", ["Weekly"]),
        ("?q=ly&sort=name", ["Nightly", "Weekly", "Yearly"]),
        ("?q=LY&status=active", ["Nightly"]),
        ("?status=over", ["Leaked"]),
        ("?status=all&sort=name", ["Leaked", "Nightly", "Weekly", "Yearly"]),
        ("?risk=medium", ["Weekly"]),
        ("?status=x&risk=x&sort=x", ["Yearly", "Weekly", "Nightly"]),
        ("?q=%25", []),
        ("?q=%00", []),
        ("?q=nothing", []),
    ],
)
def test_it_is_narrowed_and_sorted_by_its_address(linus: Visitor, here: str, query: str, found: list[str]) -> None:
    answer = linus.get(here + query)

    assert answer.status_code == 200
    assert named(answer.text)[: len(found)] == found


def test_heads_filters_and_pages_keep_each_other(linus: Visitor, here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_pages, "PAGE", 2)

    first = linus.get(f"{here}?q=ly&status=all&sort=name").text
    onward = re.search(r'href="([^"]+after=[^"]+)"', first)
    assert onward
    second = linus.get(html.unescape(onward[1])).text

    assert (named(first), named(second)) == (["Nightly", "Weekly"], ["Yearly"])
    for page in (first, second):
        assert f'aria-sort="ascending"><a id="sort-name" href="{here}?q=ly&amp;status=all&amp;sort=-name"' in page
        assert '<option selected value="all">' in page
        assert 'name="sort" value="name" form="narrow"' in page
    assert f'href="{here}?q=ly&amp;status=all&amp;sort=name"' in second.split("First page")[0].rsplit("<a", 1)[1]


def test_a_search_without_a_hit_says_what_was_searched_and_leads_back(linus: Visitor, here: str) -> None:
    page = linus.get(f"{here}?q=<b>").text

    assert "has “&lt;b&gt;” in its name" in page
    assert f'href="{here}"' in page.split("“&lt;b&gt;”")[1]


def test_htmx_gets_the_list_alone_and_the_tab_where_it_opens_it(linus: Visitor, here: str) -> None:
    part, tab = linus.get(f"{here}?q=&status=&risk=", **HTMX).text, linus.get(here, **HTMX).text

    assert ('id="tokens"' in part, 'id="tabbed"' in part, 'name="q"' in part) == (True, False, False)
    assert 'id="tabbed"' in tab


def test_what_is_over_and_cannot_be_stopped_has_nothing_to_tick(linus: Visitor, here: str) -> None:
    assert linus.get(f"{here}?status=all").text.count('name="token"') == 3
    assert 'id="pick"' not in linus.get(f"{here}?status=over").text

"""The Security tab: what restricts a token. SPEC 8."""

import re

import pytest

from tests.cast import Cast
from tests.web.tokens.conftest import Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, low

__all__ = ["low"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_is_a_tab_that_can_be_opened_by_itself_or_swapped_in(linus: Visitor, low: str) -> None:
    address = f"/tokens/{low}/security"
    assert f'href="{address}"' in linus.get(f"/tokens/{low}").text
    assert re.search(r'id="tab-security" [^>]*aria-current="page"', linus.get(address).text)
    part = linus.client.get(address, headers=FRAGMENT).text
    assert 'id="tabbed"' in part
    assert "<html" not in part


def test_it_says_where_the_viewer_is(linus: Visitor, low: str) -> None:
    assert "Your current address is <code>127.0.0.1</code>" in linus.get(f"/tokens/{low}/security").text


def test_teammates_and_administrators_see_it_and_strangers_do_not(visit: Visit, low: str, cast: Cast) -> None:
    for who in (cast.margaret, cast.grace, cast.ada):
        assert visit(who).get(f"/tokens/{low}/security").status_code == 200
    assert visit(cast.sam).get(f"/tokens/{low}/security").status_code == 404

"""While a change is not announced to every node, each page says so (SPEC 16)."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.quota.generation import ANNOUNCER, Announcer
from app.services.tokens.switch import disable_token
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.verification.conftest import Office, office
from tests.web.forms import submit, token_on

__all__ = ["office"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COOKIE = "postern_session"
WORDS = "Stored, not yet announced to every node"


def test_pages_say_so_until_every_node_knows(
    another_app: Callable[..., Flask], cast: Cast, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = another_app(REDIS_URL=redis_url)
    client, announcer = node.test_client(), node.extensions[ANNOUNCER]
    issued = office.issue()
    with node.app_context():
        factories.sign_in(client, cast.linus, office.clock())
    assert WORDS not in client.get(f"/tokens/{issued.token_id}").text

    with monkeypatch.context() as away:
        away.setattr(announcer, "_url", "redis://127.0.0.1:1/0")
        with node.app_context():
            disable_token(issued.token_id, "", actor(cast.linus), office.clock())
        page = client.get(f"/tokens/{issued.token_id}").text
    assert WORDS in page
    assert "Disabled" in page

    while announcer.is_behind:
        announcer._stopping.wait(0.05)
    assert WORDS not in client.get("/").text


def test_who_changed_something_is_told_by_another_node_too(
    another_app: Callable[..., Flask], cast: Cast, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = another_app(REDIS_URL=redis_url), another_app(REDIS_URL=redis_url)
    client, issued = here.test_client(), office.issue()
    with here.app_context():
        factories.sign_in(client, cast.linus, office.clock())
    announcer: Announcer = here.extensions[ANNOUNCER]
    with monkeypatch.context() as away:
        away.setattr(announcer, "_url", "redis://127.0.0.1:1/0")
        address = f"/tokens/{issued.token_id}"
        assert submit(client, address, f"{address}/disable", reason="").status_code == 303
    cookie, elsewhere = client.get_cookie(COOKIE), there.test_client()
    assert cookie is not None
    elsewhere.set_cookie(COOKIE, cookie.value)

    assert WORDS in elsewhere.get(address).text
    assert WORDS not in elsewhere.get(address).text
    announcer.close()


def test_a_part_that_is_swapped_in_says_so_as_well(
    another_app: Callable[..., Flask], cast: Cast, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = another_app(REDIS_URL="redis://127.0.0.1:1/0")
    client, issued = node.test_client(), office.issue()
    with node.app_context():
        factories.sign_in(client, cast.linus, office.clock())
    address = f"/tokens/{issued.token_id}/edit/details"
    typed = {"version": "1", "name": "Another name", "description": "", "reason": ""}
    form = {**typed, "csrf_token": token_on(client, address)}

    answer = client.post(address, data=form, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert answer.status_code == 200
    assert WORDS in answer.headers["HX-Trigger"]
    node.extensions[ANNOUNCER].close()

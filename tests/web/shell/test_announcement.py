"""While a change is not announced to every node, each page says so (SPEC 16)."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.quota.generation import ANNOUNCER
from app.services.tokens.switch import disable_token
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.verification.conftest import Office, office

__all__ = ["office"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
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

"""Embedded rate counters outlive an orderly stop, and a kill forgets them (SPEC 8)."""

import json
import urllib.request
from typing import Any

import pytest

from app.domain.restrictions import Typed
from app.services.tokens.edit import EditForm, edit_token
from tests.real.postern import PosternServer
from tests.verification.conftest import VERIFY, Office, Service, make_service, office, service

__all__ = ["make_service", "office", "service"]
REASON = "It is a small service"


def remaining(server: PosternServer, service: Service, token: str) -> int | str:
    """How many uses are left after this one, or the code of its refusal."""
    request = urllib.request.Request(
        f"{server.url}{VERIFY}",
        data=json.dumps({"token": token, "scopes": []}).encode(),
        headers={"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
    return int(answer["rate_limit"]["remaining"]) if answer["valid"] else str(answer["code"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_orderly_restart_forgets_no_use_and_a_kill_forgets_all(
    server: PosternServer, service: Service, office: Office
) -> None:
    issued = office.issue()
    form = EditForm(issued.token_id, "1", restrictions=Typed(rate_limit="3/day"), reason=REASON)
    office.do(edit_token, form)
    assert [remaining(server, service, issued.key) for _ in range(2)] == [2, 1]

    server.stop()
    server.start()
    assert [remaining(server, service, issued.key) for _ in range(2)] == [0, "RATE_LIMITED"]

    # Nor is what the stop before saved taken for what was used since.
    server.kill()
    server.start()
    assert remaining(server, service, issued.key) == 2

"""Redis refused, hanging, cutting connections, slow or emptied: what a node of a fleet answers, and afterwards."""

from collections.abc import Callable

import pytest
import redis

from app.quota import line
from app.services.tokens.switch import enable_token
from tests.outage.conftest import Site
from tests.outage.node import LATE_SECONDS, RECOVERS_WITHIN_SECONDS, within
from tests.real.gate import Gate

UNANNOUNCED = "Stored, not yet announced to every node"
pytestmark = pytest.mark.usefixtures("mended")
FAULTS: dict[str, Callable[[Gate], None]] = {
    "refused": Gate.refuse,
    "hanging": Gate.hang,
    "cutting": Gate.cut,
    "slow": lambda door: door.slow_down(0.3),
}


@pytest.mark.parametrize("name", FAULTS)
def test_without_redis_what_needs_no_counting_goes_on_and_it_is_back_at_once(site: Site, name: str) -> None:
    token = site.form_token(f"/tokens/{site.free.token_id}")
    FAULTS[name](site.redis)

    for _ in range(5):
        answer = site.verify(site.free)
        assert (answer.status, answer.json["code"]) == (200, "VALID")
        assert answer.seconds < 2 * line.PATIENCE_SECONDS + LATE_SECONDS
        refused = site.verify(site.counted)
        assert (refused.status, refused.json["code"]) == (503, "limiter_unavailable")
        assert (refused.headers["Retry-After"], refused.headers["Content-Type"]) == ("1", "application/problem+json")
        assert refused.seconds < 2 * line.PATIENCE_SECONDS + LATE_SECONDS
    assert site.about_self(site.free).json["code"] == "VALID"
    assert within(RECOVERS_WITHIN_SECONDS, lambda: set(site.not_ready_for()) == {"limiter", "clock"})
    assert site.get("/healthz").status == 200
    _a_change_holds_and_is_announced_later(site, token)


def _a_change_holds_and_is_announced_later(site: Site, token: str) -> None:
    address = f"/tokens/{site.free.token_id}"
    changed = site.post(f"{address}/disable", csrf_token=token, reason="It goes wrong")
    assert changed.status == 303
    assert changed.seconds < 1 + LATE_SECONDS
    assert site.verify(site.free).json["code"] == "DISABLED"
    page = site.get(address)
    assert (page.status, UNANNOUNCED in page.text) == (200, True)

    site.redis.open()
    assert within(RECOVERS_WITHIN_SECONDS, lambda: site.verify(site.counted).status == 200)
    assert within(RECOVERS_WITHIN_SECONDS, lambda: UNANNOUNCED not in site.get(address).text)
    assert within(RECOVERS_WITHIN_SECONDS, lambda: not site.not_ready_for())
    # Another node, which never heard of an outage.
    site.office.do(enable_token, site.free.token_id, "It is needed again")
    assert site.verify(site.free).json["code"] == "VALID"


def test_an_emptied_redis_changes_nothing_but_counts(site: Site) -> None:
    remaining = site.accepted(site.counted).json["rate_limit"]["remaining"]
    with redis.Redis.from_url(site.redis_url) as there:
        there.flushall()

    assert site.verify(site.free).json["code"] == "VALID"
    assert site.accepted(site.counted).json["rate_limit"]["remaining"] > remaining
    assert within(RECOVERS_WITHIN_SECONDS, lambda: not site.not_ready_for())

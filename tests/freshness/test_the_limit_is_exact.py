"""Many clients use up one rate at once: exactly as many are accepted as it says, in one process and in four."""

from collections import Counter

from tests.cast import Cast
from tests.freshness.clients import Clients
from tests.freshness.test_nothing_is_stale import environ, own_redis
from tests.real.postern import PosternServer
from tests.verification.conftest import MakeService, Office, make_service, office
from tests.verification.test_restrictions import narrow

__all__ = ["environ", "make_service", "office", "own_redis"]
AMOUNT = 150


def test_as_many_are_accepted_as_the_rate_says(
    cast: Cast, office: Office, make_service: MakeService, server: PosternServer
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, rate_limit=f"{AMOUNT}/hour")
    clients = Clients(server.port, make_service().key, [issued.key], most=3 * AMOUNT)

    with clients.asking():
        assert clients.are_done(within=60)

    counted = Counter(told.code for told in clients.told)
    # What Redis counted too late to be answered (503, after 50 ms) is used up: never one too many, never one lost.
    assert AMOUNT - counted[None] <= counted["VALID"] <= AMOUNT
    assert set(counted) - {None} == {"VALID", "RATE_LIMITED"}

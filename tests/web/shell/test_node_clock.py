"""While a node's clock is wrong, each of its pages says so (SPEC 16)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.quota import redis_clock
from app.quota.redis_clock import RedisClock
from tests import factories
from tests.cast import Cast
from tests.conftest import NOW

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "The clock of this node is wrong by"


@once
@pytest.mark.parametrize(
    ("apart", "says"), [(0.9, ""), (-0.9, ""), (1.5, f"{WORDS} 1.5 seconds"), (-90, f"{WORDS} 90.0 seconds")]
)
def test_pages_say_by_how_much_it_is_wrong(
    another_app: Callable[..., Flask],
    cast: Cast,
    clock: FixedClock,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    apart: float,
    says: str,
) -> None:
    monkeypatch.setattr(RedisClock, "now", lambda self: clock() + timedelta(seconds=apart))
    node = another_app(REDIS_URL=redis_url)
    client = node.test_client()
    with node.app_context():
        factories.sign_in(client, cast.linus, clock())

    page = client.get("/").text

    assert (says in page, WORDS in page) == (True, bool(says))


def test_it_is_asked_for_now_and_then_and_set_right_without_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    here, asked, instant = FixedClock(NOW), [0], [100.0]
    theirs: list[datetime | None] = [NOW + timedelta(hours=1)]
    monkeypatch.setattr(redis_clock, "monotonic", lambda: instant[0])
    clock = RedisClock("redis://127.0.0.1:1/0")

    def now() -> datetime | None:
        asked[0] += 1
        return theirs[0]

    monkeypatch.setattr(clock, "now", now)
    assert [clock.too_far_apart(here) is not None for _ in range(9)] == [True] * 9
    theirs[0] = None
    instant[0] += redis_clock.HOLDS_SECONDS
    assert clock.too_far_apart(here) is not None, "what was wrong is not right because Redis does not tell"
    theirs[0] = here()
    instant[0] += redis_clock.HOLDS_SECONDS
    assert clock.too_far_apart(here) is None
    assert asked == [3]


@once
def test_one_process_alone_has_no_other_clock(client: object, app: Flask) -> None:
    assert redis_clock.REDIS_CLOCK not in app.extensions

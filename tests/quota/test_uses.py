"""Rate counters, in memory and in a real Redis: the same promises by the same tests."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from app.clock import FixedClock
from app.domain.decision import Count
from app.domain.rates import Rate
from app.quota.line import Line
from app.quota.moving import SWEPT_EVERY, ExactMemory
from app.quota.uses import LocalUses, SharedUses
from app.quota.windows import CountersGone

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FIVE = Rate(5, "minute")
Take = Callable[..., Count]


def local(tmp_path: Path) -> LocalUses:
    return LocalUses(lambda: NOW, tmp_path / "counters.json")


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def take(request: pytest.FixtureRequest, tmp_path: Path) -> Take:
    """Counts against a rate of one token, at one instant unless it is said."""
    uses = local(tmp_path) if request.param == "memory" else SharedUses(Line(request.getfixturevalue("redis_url")))

    def ask(rate: Rate = FIVE, cost: int = 1, token: str = "tok_1", **more: bool) -> Count:
        return uses.take(token, rate, cost, NOW, **more)

    return ask


def test_as_many_fit_as_the_rate_says(take: Take) -> None:
    assert [take().remaining for _ in range(5)] == [4, 3, 2, 1, 0]

    refused = take()
    assert (refused.fits, refused.remaining) == (False, 0)
    assert timedelta(seconds=55) < refused.fits_at - NOW <= timedelta(seconds=60)
    assert refused.next_at == refused.fits_at


def test_what_is_refused_costs_nothing(take: Take) -> None:
    take(cost=3)

    assert [take(cost=3).fits for _ in range(20)] == [False] * 20
    assert take(cost=2).remaining == 0


def test_a_cost_is_used_up_whole_or_not_at_all(take: Take) -> None:
    assert take(cost=6).fits is False
    assert take(cost=5).remaining == 0


def test_asking_uses_up_nothing(take: Take) -> None:
    assert [take(cost=5, use=False).fits for _ in range(3)] == [True] * 3
    assert [take(cost=0).remaining for _ in range(3)] == [5] * 3


def test_a_cost_of_nothing_fits_where_nothing_is_left(take: Take) -> None:
    take(cost=5)

    asked = take(cost=0)
    assert (asked.fits, asked.remaining, asked.next_at > NOW) == (True, 0, True)


def test_raising_and_lowering_the_amount_gives_exactly_the_difference(take: Take) -> None:
    take(cost=5)

    assert take(Rate(8, "minute")).remaining == 2
    assert take(Rate(3, "minute")).fits is False
    assert take(Rate(7, "minute")).remaining == 0
    assert take(Rate(7, "minute")).fits is False


def test_tokens_do_not_count_for_one_another(take: Take) -> None:
    take(cost=5)

    assert take(token="tok_2").remaining == 4


def test_what_is_used_leaves_the_window_as_it_came(tmp_path: Path) -> None:
    uses = local(tmp_path)
    for second in (0, 10, 20):
        uses.take("t", FIVE, 1 if second else 3, NOW + second * SECOND)

    asked = uses.take("t", FIVE, 2, NOW + 30 * SECOND)
    assert (asked.fits, asked.fits_at) == (False, NOW + 60 * SECOND)
    assert uses.take("t", FIVE, 3, NOW + 60 * SECOND, use=False).fits
    assert not uses.take("t", FIVE, 3, NOW + 60 * SECOND - timedelta(microseconds=1), use=False).fits
    assert uses.take("t", FIVE, 4, NOW + 69 * SECOND).fits_at == NOW + 70 * SECOND


def test_asking_about_a_later_instant_forgets_nothing(tmp_path: Path) -> None:
    uses = local(tmp_path)
    uses.take("t", FIVE, 5, NOW)

    assert uses.take("t", FIVE, 5, NOW + timedelta(days=1), use=False).fits
    assert not uses.take("t", FIVE, 1, NOW + SECOND).fits


def test_no_span_of_the_length_holds_more_than_the_amount(tmp_path: Path) -> None:
    uses, accepted = local(tmp_path), []
    for step in range(4_000):
        at = NOW + timedelta(milliseconds=(step * 7919) % 61 + step * 31)
        accepted += [at] if uses.take("t", Rate(20, "second"), 1, at).fits else []

    accepted.sort()
    assert all(later - first >= SECOND for first, later in zip(accepted, accepted[20:], strict=False))
    assert len(accepted) > 20 * 100


def test_a_clock_that_steps_back_refills_nothing(tmp_path: Path) -> None:
    uses = local(tmp_path)
    uses.take("t", FIVE, 5, NOW)

    assert not uses.take("t", FIVE, 1, NOW - timedelta(hours=1)).fits
    assert uses.take("t", FIVE, 1, NOW + 60 * SECOND).fits


def test_an_orderly_restart_forgets_nothing(tmp_path: Path) -> None:
    before = local(tmp_path)
    before.take("t", FIVE, 4, NOW)
    before.keep()

    after = local(tmp_path)
    after.resume()
    assert not after.take("t", FIVE, 2, NOW + 59 * SECOND).fits
    assert after.take("t", FIVE, 5, NOW + 60 * SECOND).fits
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"t":[[1],[],[1]]}', '{"t":[["a"],[1],[1]]}', '{"t":[[2,1],[1,1],[1]]}']
)
def test_a_torn_file_begins_anew_and_says_so(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "counters.json").write_text(content)

    uses = local(tmp_path)
    uses.resume()
    assert uses.take("t", FIVE, 5, NOW).fits
    assert "begin anew" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_windows_that_are_empty_are_let_go() -> None:
    storage = ExactMemory(lambda: NOW)
    for number in range(100):
        storage.take(f"t{number}", 5, 1_000_000, 1, number)
    for number in range(5):
        storage.take("busy", 1_000_000, 1_000_000, 1, 10_000_000 + number * SWEPT_EVERY)

    assert set(storage.dump()) == {"busy"}


def test_it_is_a_storage_that_limits_accepts() -> None:
    clock = FixedClock(NOW)
    limiter, item = MovingWindowRateLimiter(ExactMemory(clock)), RateLimitItemPerMinute(2)

    assert [limiter.hit(item, "t") for _ in range(3)] == [True, True, False]
    stats = limiter.get_window_stats(item, "t")
    assert (stats.remaining, stats.reset_time) == (0, NOW.timestamp() + 60)
    clock.advance(60 * SECOND)
    assert limiter.test(item, "t")


def test_redis_lets_go_of_what_has_left_the_window(redis_url: str) -> None:
    uses = SharedUses(Line(redis_url))
    for _ in range(3):
        assert uses.take("t", Rate(700, "second"), 100, NOW).fits
    for _ in range(400):
        uses.take("t", Rate(700, "second"), 1, NOW)
    time.sleep(1.01)

    assert uses.take("t", Rate(700, "second"), 0, NOW).remaining == 700
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.llen("postern:uses:{t}") == 0


def test_redis_counts_again_when_one_of_its_two_keys_was_evicted(redis_url: str) -> None:
    uses = SharedUses(Line(redis_url))
    uses.take("t", FIVE, 4, NOW)
    with redis.Redis.from_url(redis_url) as connection:
        connection.delete("postern:used:{t}")

    assert uses.take("t", FIVE, 1, NOW).remaining == 0


def test_a_redis_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CountersGone):
        SharedUses(Line("redis://127.0.0.1:1")).take("t", FIVE, 1, NOW)

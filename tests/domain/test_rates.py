"""Rates: what may be typed, and which change is looser."""

import itertools

import pytest

from app.domain import rates
from app.domain.errors import Unfit
from app.domain.rates import MOST, SECONDS, Rate


@pytest.mark.parametrize(
    ("typed", "rate"),
    [("1000/hour", Rate(1000, "hour")), (" 5 / minute ", Rate(5, "minute")), ("007/day", Rate(7, "day")), ("", None)],
)
def test_a_number_and_a_unit_are_read(typed: str, rate: Rate | None) -> None:
    assert rates.typed(typed) == rate


@pytest.mark.parametrize(
    "typed",
    [
        *("0/hour", "100001/hour", "1000000/hour", "-1/hour", "1.5/hour", "1e3/hour", "１０００/hour", "1000", "/hour"),
        *("1000/hours", "1000/week", "1000/Hour", "1000/0hour", "1000/hour;5/minute", "1000 per hour", "1000//hour"),
        *("nan/hour", "True/hour", "10\n/hour", "99999999999999999999/hour"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(Unfit, match=r"1000/hour|from 1 to 100,000"):
        rates.typed(typed)


def test_what_is_kept_is_read_back() -> None:
    for unit in SECONDS:
        assert rates.of(str(Rate(MOST, unit))) == Rate(MOST, unit)


def test_a_rate_in_words() -> None:
    assert rates.described(Rate(1000, "hour")) == "1,000 an hour"
    assert rates.described(Rate(5, "minute")) == "5 a minute"


def accepted(rate: Rate | None, history: list[int], now: int) -> bool:
    """Whether one more use fits at `now`, after uses at these seconds."""
    return rate is None or sum(1 for at in history if now - rate.seconds < at <= now) < rate.amount


UNIVERSE = [None, *(Rate(amount, unit) for amount in (1, 2, 3) for unit in ("second", "minute", "hour"))]


@pytest.mark.parametrize(("before", "after"), list(itertools.product(UNIVERSE, UNIVERSE)), ids=str)
def test_tighter_is_never_said_where_a_use_would_be_newly_accepted(before: Rate | None, after: Rate | None) -> None:
    instants = (0, 1, 30, 59, 90, 1800, 3599)
    histories = itertools.chain.from_iterable(itertools.combinations(instants, many) for many in range(5))
    newly = any(
        accepted(after, list(history), 3600) and not accepted(before, list(history), 3600) for history in histories
    )

    assert rates.is_looser(before, after) or not newly


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, Rate(5, "hour")), (Rate(5, "hour"), Rate(4, "hour")), (Rate(5, "hour"), Rate(5, "day"))],
    ids=str,
)
def test_a_limit_where_none_was_a_lower_one_and_a_longer_span_are_tighter(before: Rate | None, after: Rate) -> None:
    assert not rates.is_looser(before, after)


@pytest.mark.parametrize(
    "after", [None, Rate(6, "hour"), Rate(1, "second"), Rate(6, "day"), Rate(1, "minute")], ids=str
)
def test_a_higher_one_none_and_a_shorter_span_are_looser(after: Rate | None) -> None:
    assert rates.is_looser(Rate(5, "hour"), after)

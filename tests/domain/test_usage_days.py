"""Use by day, and for what it was refused."""

from datetime import UTC, date, datetime, timedelta

from app.domain.checks import Code
from app.domain.usage_days import DAYS, Day, by_day, first_instant, refused_for

NOW = datetime(2026, 11, 23, 12, 34, tzinfo=UTC)
DAY = timedelta(days=1)
COUNTS = [
    (NOW - DAY, Code.VALID, 5),
    (NOW - DAY, Code.DISABLED, 1),
    (NOW, Code.VALID, 2),
    (NOW, Code.ACCESS_DENIED, 4),
    (NOW, Code.EXPIRED, 1),
]


def test_there_are_thirty_days_up_to_today_and_none_is_left_out() -> None:
    days = by_day([], NOW)

    assert [days[0].day, days[-1].day] == [date(2026, 10, 25), date(2026, 11, 23)]
    assert len({day.day for day in days}) == DAYS == len(days)
    assert first_instant(NOW) == datetime(2026, 10, 25, tzinfo=UTC)


def test_a_day_counts_what_was_accepted_and_what_was_refused_apart() -> None:
    assert by_day(COUNTS, NOW)[-2:] == [Day(date(2026, 11, 22), 5, 1), Day(date(2026, 11, 23), 2, 5)]


def test_refusals_are_named_by_code_the_most_frequent_first() -> None:
    assert refused_for(COUNTS) == [(Code.ACCESS_DENIED, 4), (Code.DISABLED, 1), (Code.EXPIRED, 1)]

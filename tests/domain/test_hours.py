"""Days and hours, against an oracle that looks at every minute of two weeks."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from app.domain import hours
from app.domain.errors import Unfit
from app.domain.hours import DAY, Hours, between, days, end, start

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NIGHTS = Hours((4, 6), 22 * 60, 2 * 60)
OFFICE = Hours((0, 1, 2, 3, 4), 9 * 60, 17 * 60)
ALWAYS = Hours(tuple(range(7)), 0, DAY)
MANY = [
    NIGHTS,
    OFFICE,
    ALWAYS,
    Hours((6,), 23 * 60 + 59, 1),
    Hours((0,), 0, 1),
    Hours((6,), 0, DAY),
    Hours((2, 3), 12 * 60, 11 * 60 + 59),
    Hours(tuple(range(7)), 22 * 60, 6 * 60),
]


def oracle(value: Hours, now: datetime) -> bool:
    """Walks through the spans that start on the days around `now`, as instants."""
    for back in range(-1, 9):
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) - timedelta(days=back)
        if midnight.weekday() in value.days:
            begins = midnight + timedelta(minutes=value.start)
            ends = midnight + timedelta(minutes=value.end, days=1 if value.end < value.start else 0)
            if begins <= now < ends:
                return True
    return False


@cache
def admitted(value: Hours) -> frozenset[int]:
    """The minutes of a week that the oracle admits, and so of every week."""
    return frozenset(minute for minute in range(7 * DAY) if oracle(value, MONDAY + timedelta(minutes=minute)))


@pytest.mark.parametrize("value", MANY, ids=str)
def test_every_minute_of_two_weeks_is_as_the_oracle_says(value: Hours) -> None:
    minutes = [minute for minute in range(14 * DAY) if value.admits(MONDAY + timedelta(minutes=minute))]

    assert minutes == [minute for minute in range(14 * DAY) if minute % (7 * DAY) in admitted(value)]
    assert value.minutes == sum(1 << minute for minute in admitted(value))


@pytest.mark.parametrize("value", MANY, ids=str)
def test_until_it_turns_the_answer_stays_what_it_is(value: Hours) -> None:
    now = MONDAY
    while now < MONDAY + timedelta(days=8):
        turns = value.turns(now)
        minutes = range((turns - now) // timedelta(minutes=1))
        assert {oracle(value, now + timedelta(minutes=minute)) for minute in minutes} == {oracle(value, now)}
        assert value.turns(turns - timedelta(microseconds=1)) == turns
        now = turns


def test_the_start_counts_and_the_end_does_not() -> None:
    saturday = MONDAY + timedelta(days=5, hours=2)

    assert NIGHTS.admits(saturday - timedelta(milliseconds=1))
    assert not NIGHTS.admits(saturday)
    assert NIGHTS.admits(MONDAY + timedelta(days=4, hours=22))
    assert not NIGHTS.admits(MONDAY + timedelta(days=4, hours=22, milliseconds=-1))


@pytest.mark.parametrize("value", MANY, ids=str)
def test_the_next_opening_is_the_first_minute_that_is_admitted(value: Hours) -> None:
    for minute in range(7, 14 * DAY, 331):
        now = MONDAY + timedelta(minutes=minute, seconds=3)
        first = next(later for later in range(minute, minute + 8 * DAY) if later % (7 * DAY) in admitted(value))
        assert value.opens(now) == (now if first == minute else MONDAY + timedelta(minutes=first))


@pytest.mark.parametrize("before", MANY, ids=str)
@pytest.mark.parametrize("after", MANY, ids=str)
def test_looser_is_what_admits_a_minute_more(before: Hours, after: Hours) -> None:
    assert hours.is_looser(before, after) is bool(admitted(after) - admitted(before))


def test_setting_hours_is_tighter_and_taking_them_away_looser() -> None:
    assert not hours.is_looser(None, OFFICE)
    assert hours.is_looser(OFFICE, None)


@pytest.mark.parametrize("value", MANY, ids=str)
def test_what_is_kept_is_read_back(value: Hours) -> None:
    assert hours.of(str(value)) == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (OFFICE, "Mon to Fri, 09:00 to 17:00 UTC"),
        (NIGHTS, "Fri, Sun, 22:00 to 02:00 on the next day UTC"),
        (ALWAYS, "Every day, all day UTC"),
        (Hours((0, 1), 0, 60), "Mon, Tue, 00:00 to 01:00 UTC"),
    ],
)
def test_hours_in_words(value: Hours, told: str) -> None:
    assert hours.described(value) == told


@pytest.mark.parametrize("typed", ["", "9:5", "25:00", "09:60", "24:01", "09:00 PM", "０９:00", "09.00", "-1:00"])
def test_a_time_is_two_digits_twice(typed: str) -> None:
    with pytest.raises(Unfit, match="HH:MM"):
        end(typed)


def test_24_00_is_an_end_only() -> None:
    assert end(" 24:00 ") == DAY
    with pytest.raises(Unfit, match="end only"):
        start("24:00")


def test_equal_times_are_refused() -> None:
    with pytest.raises(Unfit, match="00:00 and 24:00"):
        between((0,), 540, 540)


@pytest.mark.parametrize(("typed", "said"), [((), "at least one"), (("Mon", "mon"), "Choose days from")])
def test_days_are_chosen_from_the_seven(typed: tuple[str, ...], said: str) -> None:
    with pytest.raises(Unfit, match=said):
        days(typed)
    assert days(("Sun", "Mon", "Mon")) == (0, 6)

"""When a token ends: SPEC 5."""

from datetime import UTC, datetime

import pytest

from app.domain import expiry
from app.domain.errors import Unfit

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("1 week", "2026-11-23T12:00", "2026-11-30T12:00"),
        ("1 month", "2026-01-31T00:00", "2026-02-28T00:00"),
        ("1 month", "2028-01-31T00:00", "2028-02-29T00:00"),
        ("3 months", "2026-11-30T23:59", "2027-02-28T23:59"),
        ("6 months", "2026-08-31T06:00", "2027-02-28T06:00"),
        ("1 year", "2028-02-29T06:00", "2029-02-28T06:00"),
        ("1 month", "2026-12-15T06:00", "2027-01-15T06:00"),
    ],
)
def test_presets_are_calendar_steps_clamped_to_the_months_last_day(preset: str, start: str, end: str) -> None:
    begins, ends = (datetime.fromisoformat(f"{one}+00:00") for one in (start, end))

    assert expiry.chosen(preset, "", NOW).counted_from(begins) == ends


def test_a_date_counts_to_its_end_in_utc() -> None:
    assert expiry.chosen("custom", " 2027-01-31 ", NOW).fixed == datetime(2027, 2, 1, tzinfo=UTC)


def test_today_is_a_date_in_the_future_until_it_is_over() -> None:
    assert expiry.chosen("custom", "2026-11-23", NOW).fixed == datetime(2026, 11, 24, tzinfo=UTC)
    with pytest.raises(Unfit):
        expiry.chosen("custom", "2026-11-22", NOW)


def test_never_is_a_named_choice() -> None:
    assert expiry.chosen("never", "", NOW).counted_from(NOW) is None


@pytest.mark.parametrize(
    ("choice", "date"),
    [
        ("", ""),
        ("forever", ""),
        ("custom", ""),
        ("custom", "2026-02-30"),
        ("custom", "2027-1-1"),
        ("custom", "31.12.2027"),
        ("custom", "２０２７-01-01"),
        ("custom", "2027-01-01T00:00:00+14:00"),
        ("custom", "9999-12-31"),
        ("custom", "0000-01-01"),
    ],
)
def test_anything_else_is_refused(choice: str, date: str) -> None:
    with pytest.raises(Unfit):
        expiry.chosen(choice, date, NOW)

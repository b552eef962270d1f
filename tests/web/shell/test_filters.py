"""Instants and numbers as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.instants import day, instant
from app.web.filters import iso, plural, relative

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MOMENT = datetime(2026, 12, 2, 9, 5, 30, tzinfo=UTC)


def test_an_instant_is_written_for_people_and_for_machines() -> None:
    assert (instant(MOMENT), day(MOMENT), iso(MOMENT)) == ("2 Dec 2026 09:05 UTC", "2 Dec 2026", "2026-12-02T09:05:30Z")


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=-59, seconds=-59), "59 minutes ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(hours=47, minutes=59), "in 1 day"),
        (timedelta(days=9), "in 9 days"),
        (timedelta(days=59), "in 59 days"),
        (timedelta(days=-60), "2 months ago"),
        (timedelta(days=364), "in 12 months"),
        (timedelta(days=365), "in 1 year"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_a_distance_is_never_made_longer_than_it_is(distance: timedelta, text: str) -> None:
    assert relative(NOW + distance, NOW) == text


def test_numbers_come_with_their_noun() -> None:
    assert [plural(0, "token"), plural(1, "token"), plural(2000, "entry", "entries")] == [
        "0 tokens",
        "1 token",
        "2,000 entries",
    ]

"""Instants that people type to narrow a list down: SPEC 11, TRAPS E5."""

from datetime import UTC, datetime

import pytest

from app.domain import instants
from app.domain.errors import Unfit

MOMENT = datetime(2026, 12, 2, 9, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("2026-11-23", (2026, 11, 23), (2026, 11, 24)),
        (" 2026-12-31 ", (2026, 12, 31), (2027, 1, 1)),
        ("2026-11-23 14:30", (2026, 11, 23, 14, 30), (2026, 11, 23, 14, 31)),
        ("2026-11-23T23:59Z", (2026, 11, 23, 23, 59), (2026, 11, 24)),
        ("2026-11-23 14:30:59 UTC", (2026, 11, 23, 14, 30, 59), (2026, 11, 23, 14, 31)),
    ],
)
def test_a_day_a_minute_and_a_second_are_wanted_whole(
    typed: str, since: tuple[int, int, int], until: tuple[int, int, int]
) -> None:
    assert instants.since(typed) == datetime(*since, tzinfo=UTC)
    assert instants.until(typed) == datetime(*until, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_no_limit(typed: str) -> None:
    assert instants.since(typed) is None
    assert instants.until(typed) is None


@pytest.mark.parametrize(
    "typed", ["today", "2026-13-01", "2026-11-23 24:30", "2026-11-23+01:00", "23.11.2026", "1e9", "2026-11-23\x00"]
)
def test_what_is_no_instant_is_said(typed: str) -> None:
    with pytest.raises(Unfit, match="Write a UTC date"):
        instants.since(typed)


@pytest.mark.parametrize(
    ("month", "written"),
    list(enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1)),
)
def test_an_instant_is_written_in_english_to_the_minute_whatever_the_hosts_language(month: int, written: str) -> None:
    moment = datetime(2026, month, 2, 9, 5, 59, tzinfo=UTC)
    assert (instants.instant(moment), instants.day(moment)) == (f"2 {written} 2026 09:05 UTC", f"2 {written} 2026")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Disabled", [("Disabled", None)]),
        (
            f"Ends {instants.instant(MOMENT)}.",
            [("Ends ", None), ("2 Dec 2026 09:05 UTC", MOMENT.replace(second=0)), (".", None)],
        ),
        ("On 31 Feb 2026 09:05 UTC", [("On ", None), ("31 Feb 2026 09:05 UTC", None)]),
        ("12 Foo 2026 99:99 UTC", [("12 Foo 2026 99:99 UTC", None)]),
        ("", []),
    ],
)
def test_instants_are_found_in_sentences(sentence: str, told: list[tuple[str, datetime | None]]) -> None:
    assert instants.parts(sentence) == told

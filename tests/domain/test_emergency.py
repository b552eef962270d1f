"""Emergency access: SPEC 10, TRAPS T21 and B1."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import emergency
from app.domain.emergency import HOUR, Window
from app.domain.errors import Conflict, Unfit
from app.domain.people import Person
from app.domain.roles import Role

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("typed", ["1", "2", "3", "4", "5", "6", "7", "8", " 8 "])
def test_whole_hours_from_1_to_8(typed: str) -> None:
    assert emergency.hours(typed) == int(typed) * HOUR


@pytest.mark.parametrize("typed", ["0", "9", "−1", "1.5", "nan", "1e1", "８", "True", "", "1000000000"])
def test_anything_else_is_no_duration(typed: str) -> None:
    with pytest.raises(Unfit, match="from 1 to 8"):
        emergency.hours(typed)


@pytest.mark.parametrize("typed", ["-1", "+1", "08", "1h", "1_0", "١", "²", "1\n", "\u00a01", "0x1", "inf", "1 2"])
def test_nor_are_other_spellings(typed: str) -> None:
    with pytest.raises(Unfit):
        emergency.hours(typed)


@pytest.mark.parametrize(("after", "on"), [(timedelta(0), False), (timedelta(microseconds=-1), True), (HOUR, False)])
def test_a_window_is_over_at_its_end(after: timedelta, on: bool) -> None:
    assert emergency.is_on(NOW, NOW + after) is on
    assert Window(NOW - HOUR, NOW).is_open(NOW + after) is on


def test_without_a_window_nothing_is_on() -> None:
    assert not emergency.is_on(None, NOW)


def test_what_was_ended_stays_so_even_where_the_clock_is_set_back() -> None:
    window = Window(NOW, NOW + 2 * HOUR, ended_at=NOW + HOUR)

    assert not window.is_open(NOW + MINUTE)
    assert window.closed_at == NOW + HOUR


def test_an_end_that_was_stored_late_is_not_the_end() -> None:
    assert Window(NOW, NOW + HOUR, ended_at=NOW + 3 * HOUR).closed_at == NOW + HOUR


@pytest.mark.parametrize(
    ("past", "hours"),
    [
        ([], 8),
        # Closed when it has hardly begun: only what was open counts.
        ([Window(NOW - HOUR, NOW, ended_at=NOW - HOUR)], 8),
        ([Window(NOW - 3 * HOUR, NOW)], 5),
        ([Window(NOW - 8 * HOUR, NOW)], 0),
        ([Window(NOW - 8 * HOUR, NOW - HOUR), Window(NOW - HOUR, NOW)], 0),
        ([Window(NOW - 3 * HOUR, NOW, ended_at=NOW - 2 * HOUR)], 7),
        # By the time that the new window ends, the old one lies over 24 hours back.
        ([Window(NOW - 24 * HOUR, NOW - 16 * HOUR)], 8),
        ([Window(NOW - 23 * HOUR, NOW - 15 * HOUR)], 0),
        ([Window(NOW - 16 * HOUR, NOW - 15 * HOUR - 30 * MINUTE)], 7),
        ([Window(NOW - 26 * HOUR, NOW - 18 * HOUR), Window(NOW - HOUR, NOW)], 7),
    ],
)
def test_a_token_is_open_for_at_most_8_hours_in_any_24(past: list[Window], hours: int) -> None:
    assert emergency.room(past, NOW) == hours * HOUR
    emergency.require_room(hours * HOUR, past, NOW)
    with pytest.raises(Unfit, match="8 hours in any 24"):
        emergency.require_room((hours + 1) * HOUR, past, NOW)


def fullest_24_hours(windows: Sequence[Window]) -> timedelta:
    """Minute by minute, without a thought: the most that any 24 hours hold."""
    first = min(window.starts_at for window in windows)
    minutes = int((max(window.closed_at for window in windows) - first) / MINUTE)
    opened = [any(w.starts_at <= first + n * MINUTE < w.closed_at for w in windows) for n in range(minutes)]
    opened += [False] * 1440
    here = best = sum(opened[:1440])
    for n in range(1440, len(opened)):
        here += opened[n] - opened[n - 1440]
        best = max(best, here)
    return best * MINUTE


@pytest.mark.parametrize("seed", range(12))
def test_the_room_is_what_counting_minutes_says(seed: int) -> None:
    chance = random.Random(seed)
    at, past = NOW - timedelta(days=2), list[Window]()
    while at < NOW - 8 * HOUR:
        lasts = min(chance.randint(1, 8) * HOUR, emergency.room(past, at))
        if lasts:
            ended = at + chance.randint(1, int(lasts / MINUTE)) * MINUTE if chance.random() < 0.5 else None
            past.append(Window(at, at + lasts, ended))
            at = past[-1].closed_at
        at += chance.randint(1, 400) * MINUTE

    room = emergency.room(past, NOW)

    fits = [n for n in range(9) if fullest_24_hours([*past, Window(NOW, NOW + n * HOUR)]) <= 8 * HOUR]
    assert fits == list(range(int(room / HOUR) + 1))
    if not room:
        free = emergency.room_from(past)
        assert free > NOW
        assert emergency.room(past, free) >= HOUR
        assert emergency.room(past, free - MINUTE) < HOUR


def test_when_there_is_room_again_is_said_not_too_early() -> None:
    past = [Window(NOW - 8 * HOUR + timedelta(seconds=30), NOW + timedelta(seconds=30))]

    with pytest.raises(Unfit, match="from 24 Nov 2026 04:01 UTC on"):
        emergency.require_room(HOUR, past, NOW + MINUTE)
    assert emergency.room_from(past) == NOW + 16 * HOUR + timedelta(seconds=30)


def test_an_open_window_is_never_extended() -> None:
    emergency.require_closed(None)
    with pytest.raises(Conflict, match="open already, until 23 Nov 2026 12:00 UTC"):
        emergency.require_closed(NOW)


@pytest.mark.parametrize(
    ("role", "active", "keeps"),
    [
        (Role.SUPERUSER, True, True),
        (Role.SUPERUSER, False, False),
        (Role.ADMINISTRATOR, True, False),
        (Role.MEMBER, True, False),
    ],
)
def test_windows_outlive_neither_the_role_nor_the_account(role: Role, active: bool, keeps: bool) -> None:
    assert emergency.may_keep_open(Person("usr_1", "Ada", "ada@example.com", role, active)) is keeps


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        (2 * HOUR, "2 hours"),
        (HOUR + 12 * MINUTE, "1 hour 12 minutes"),
        (MINUTE, "1 minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(0), "less than a minute"),
    ],
)
def test_durations_in_words(lasts: timedelta, words: str) -> None:
    assert emergency.in_words(lasts) == words

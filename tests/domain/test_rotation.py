"""Overlaps of a rotation: SPEC 6."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import rotation
from app.domain.errors import Unfit
from app.domain.rotation import KeyState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("overlap", "expires_in", "stops_in"),
    [(0, None, 0), (24, None, 24), (24, 48, 24), (24, 1, 1), (24, -1, 0), (0, 1, 0)],
)
def test_the_old_key_stops_after_the_overlap_but_never_after_the_token(
    overlap: int, expires_in: int | None, stops_in: int
) -> None:
    expires_at = None if expires_in is None else NOW + timedelta(hours=expires_in)

    assert rotation.old_key_stops_at(NOW, timedelta(hours=overlap), expires_at) == NOW + timedelta(hours=stops_in)


@pytest.mark.parametrize(
    ("stops_in", "state"),
    [(None, KeyState.CURRENT), (1, KeyState.RETIRING), (0, KeyState.RETIRED), (-1, KeyState.RETIRED)],
)
def test_a_key_is_retired_from_the_instant_it_stops(stops_in: int | None, state: KeyState) -> None:
    stops_at = None if stops_in is None else NOW + timedelta(seconds=stops_in)

    assert rotation.key_state(stops_at, NOW) is state


@pytest.mark.parametrize("choice", ["", "2 hours", "IMMEDIATELY", "7 days ", "None"])
def test_only_the_offered_overlaps_can_be_chosen(choice: str) -> None:
    with pytest.raises(Unfit):
        rotation.overlap(choice)


@pytest.mark.parametrize("hours", [0, -1])
def test_what_stops_at_once_is_past_by_every_clock(hours: int) -> None:
    kept = rotation.kept_end(NOW + timedelta(hours=hours), NOW)

    assert rotation.key_state(kept, NOW - timedelta(days=365)) is KeyState.RETIRED


def test_an_overlap_keeps_its_end() -> None:
    assert rotation.kept_end(NOW + timedelta(hours=1), NOW) == NOW + timedelta(hours=1)

"""Whether histories would find what they look for: each fault is planted, and found in the steps that are made for it.

POSTERN_FAULTS says in how many histories by chance each is looked for as well (none where it says nothing)."""

import os

import pytest

from tests.histories.chance import history
from tests.histories.faults import FAULTS, HIDDEN, Fault
from tests.histories.ground import Ground
from tests.histories.trouble import trouble

SEARCHED = int(os.environ.get("POSTERN_FAULTS", "0"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.told)
def test_a_fault_is_found(ground: Ground, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    assert trouble(ground, fault.shows_in) is None
    fault.plant(monkeypatch)
    found = trouble(ground, fault.shows_in)
    assert found is not None
    print(found)  # noqa: T201  # how it is told is to be seen
    if SEARCHED:
        at = next((seed for seed in range(1, SEARCHED + 1) if trouble(ground, history(seed))), None)
        print(f"by chance at seed {at} of {SEARCHED}: {fault.told}")  # noqa: T201
        assert at is not None


@pytest.mark.parametrize("fault", HIDDEN, ids=lambda fault: fault.told)
def test_a_fault_behind_a_second_guard_shows_nowhere(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    fault.plant(monkeypatch)
    assert trouble(ground, fault.shows_in) is None

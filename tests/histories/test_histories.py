"""Random histories of several people at the real routes, against a model: SPEC 2, 4 to 8 and 10.

POSTERN_HISTORIES says how many (6 where it says nothing), POSTERN_SEED which is the first. A history that goes wrong
is shortened to the steps that it takes, and printed with its seed."""

import os
from collections import Counter

import pytest

from tests.histories.chance import WEIGHTS, history
from tests.histories.ground import Ground
from tests.histories.trouble import shortened, trouble

MANY = int(os.environ.get("POSTERN_HISTORIES", "6"))
FIRST = int(os.environ.get("POSTERN_SEED", "20261125"))
BATCH = 20
# In so many steps each kind is taken, also what few people may do; some 80 histories.
ENOUGH = 1_500


@pytest.fixture(scope="module")
def happened() -> Counter[str]:
    """What came of the steps of all histories so far."""
    return Counter()


@pytest.mark.parametrize("first", range(FIRST, FIRST + MANY, BATCH))
def test_no_history_lets_in_what_nobody_let(ground: Ground, happened: Counter[str], first: int) -> None:
    for seed in range(first, min(first + BATCH, FIRST + MANY)):
        steps = history(seed)
        if trouble(ground, steps, happened):
            steps = shortened(ground, steps)
            told = "\n".join(f"  {step}" for step in steps)
            pytest.fail(f"seed {seed}:\n{told}\n{trouble(ground, steps)}")
    print(f"seeds {FIRST} to {seed}: {dict(happened)}")  # noqa: T201  # the seed of a run is to be seen
    if happened.total() >= ENOUGH:
        assert (+happened).keys() >= WEIGHTS.keys(), "something never happens: these histories prove little"

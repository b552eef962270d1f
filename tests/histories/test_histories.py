"""Random histories of several people at the real routes, against a model: SPEC 2, 4, 6 and 7.

POSTERN_HISTORIES says how many (12 where it says nothing), POSTERN_SEED which is the first. A history that goes wrong
is shortened to the steps that it takes, and printed with its seed."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from tests.histories.play import Play
from tests.histories.steps import WEIGHTS, Step, history

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANY = int(os.environ.get("POSTERN_HISTORIES", "12"))
FIRST = int(os.environ.get("POSTERN_SEED", "20261125"))
BATCH, LENGTH = 20, 40


def trouble(app: Flask, clock: FixedClock, steps: Sequence[Step], happened: Counter[str]) -> str | None:
    """What goes wrong in the history, if anything does."""
    clock.advance(timedelta(days=30))
    play = Play(app, clock)
    try:
        play.whole(steps)
    except AssertionError as wrong:
        return str(wrong)
    happened.update(play.happened)
    return None


def shortened(app: Flask, clock: FixedClock, steps: list[Step]) -> list[Step]:
    """The history without the steps that its trouble does not need."""
    for place in reversed(range(len(steps))):
        fewer = steps[:place] + steps[place + 1 :]
        if trouble(app, clock, fewer, Counter()):
            steps = fewer
    return steps


@pytest.mark.parametrize("first", range(FIRST, FIRST + MANY, BATCH))
def test_no_history_ends_with_a_token_that_nobody_let(house: Flask, clock: FixedClock, first: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(first, min(first + BATCH, FIRST + MANY)):
        steps = list(history(seed, LENGTH))
        if trouble(house, clock, steps, happened):
            steps = shortened(house, clock, steps)
            told = "\n".join(f"  {step}" for step in steps)
            pytest.fail(f"seed {seed}:\n{told}\n{trouble(house, clock, steps, happened)}")
    print(f"seeds {first} to {seed}: {dict(happened)}")  # noqa: T201  # the seed of a run is to be seen
    if MANY >= BATCH:
        assert (+happened).keys() >= WEIGHTS.keys(), "something never happens: these histories prove little"

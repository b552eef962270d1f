"""What goes wrong in a history, and the fewest of its steps that it takes."""

from collections import Counter
from collections.abc import Sequence

from tests.histories.ground import Ground
from tests.histories.play import Play
from tests.histories.playing import play_whole
from tests.histories.stage import Stage
from tests.histories.steps import Step


def trouble(ground: Ground, steps: Sequence[Step], happened: Counter[str] | None = None) -> str | None:
    """What goes wrong, if anything does; else what happened is counted."""
    play = Play(Stage(ground))
    try:
        play_whole(play, steps)
    except AssertionError as wrong:
        return str(wrong)
    if happened is not None:
        happened.update(play.happened)
    return None


def shortened(ground: Ground, steps: Sequence[Step]) -> Sequence[Step]:
    """The history without the steps that its trouble does not need."""
    for place in reversed(range(len(steps))):
        fewer = [*steps[:place], *steps[place + 1 :]]
        if trouble(ground, fewer):
            steps = fewer
    return steps

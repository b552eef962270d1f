"""The real program and the model, side by side, with the forms that people opened and what they asked for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from app.clock import FixedClock
from tests.histories.cast import ASKS_AT, CATALOGUE, people
from tests.histories.forms import Forms
from tests.histories.judge import Asked, Judge
from tests.histories.model import Model
from tests.histories.stage import Stage
from tests.histories.state import About
from tests.histories.steps import Step
from tests.histories.world import World


@dataclass(frozen=True)
class Outcome:
    """Whether something should happen, whether something did, and which request was decided."""

    expected: bool
    actual: bool
    decided: int | None = None


@dataclass
class Play:
    """`happened` counts what came of the steps, so that a test can see that its histories are about something."""

    stage: Stage
    model: Model = field(default_factory=lambda: Model(people(), dict(CATALOGUE), set(ASKS_AT)))
    judge: Judge = field(default_factory=Judge)
    happened: Counter[str] = field(default_factory=Counter)
    forms: Forms = field(init=False)
    # What there is after the last step.
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.forms, self.world = Forms(self.stage, self.model), self.stage.world()

    @property
    def clock(self) -> FixedClock:
        return self.stage.clock

    def token(self, step: Step) -> int:
        """The number of the token that the step is about."""
        return step.number % len(self.model.tokens)

    def request(self, step: Step) -> int:
        """The number of the request that the step is about."""
        numbers = range(len(self.model.requests))
        waiting = [number for number in numbers if step.waiting and self.model.requests[number].waits(self.clock())]
        among = waiting or numbers
        return among[step.number % len(among)]

    def path(self, number: int) -> str:
        """Where the token is."""
        return f"/tokens/{self.stage.tokens[number]}"

    def standing(self) -> dict[str, tuple[str, bool, bool]]:
        """Of everybody, by the model: role, whether they are active, whether they are members."""
        return {name: (one.role, one.active, one.works_here) for name, one in self.model.people.items()}

    def asked(self, about: About, who: str, requests: int, **values: Any) -> None:
        """Tell the judge what was asked for, where there is a request more than these."""
        if len(self.model.requests) > requests:
            self.judge.asked[requests] = Asked(about, who, values)

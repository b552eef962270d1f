"""The real program and the model, side by side, with what people saw of them and what they asked for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from app.clock import FixedClock
from tests.histories.cast import ASKS_AT, CATALOGUE, people
from tests.histories.judge import Asked, Judge
from tests.histories.model import Model
from tests.histories.stage import Stage
from tests.histories.state import About
from tests.histories.steps import Step
from tests.histories.world import World

# What has a form: ("request", its number), or what a request can be about.
Subject = About
# What a form brings along that says what was shown, and what the model has it show.
Seen = tuple[str, object]


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
    # What each person saw when they last looked; who never did looked at the beginning, as everybody did.
    seen: dict[tuple[str, Subject], Seen] = field(default_factory=dict)
    begun: dict[Subject, Seen] = field(default_factory=dict)
    # What there is after the last step.
    world: World = field(init=False)

    @property
    def clock(self) -> FixedClock:
        return self.stage.clock

    def __post_init__(self) -> None:
        """Show everybody the rules."""
        self.world = self.stage.world()
        for level in (1, 2, 3):
            self.show(("policy", level))
        for name in self.model.catalogue:
            self.show(("scope", name))

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

    # What was seen.

    def show(self, subject: Subject) -> None:
        self.begun[subject] = self.present(subject)

    def show_new(self, tokens: int, requests: int) -> None:
        """Show everybody what is new: there were so many tokens and requests."""
        for number in range(tokens, len(self.model.tokens)):
            self.show(number)
        for number in range(requests, len(self.model.requests)):
            self.show(("request", number))

    def look(self, who: str, subject: Subject) -> None:
        """Open a form, and leave it open."""
        self.seen[who, subject] = self.present(subject)

    def as_seen(self, step: Step, subject: Subject) -> tuple[str, bool]:
        """What the person sends along, and whether it is out of date."""
        present, shown = self.present(subject)
        if not step.stale:
            return present, False
        then, shown_then = self.seen.get((step.who, subject)) or self.begun[subject]
        assert then != present or shown_then == shown, f"{step}: what was shown changed, and its mark did not"
        return then, then != present

    def present(self, subject: Subject) -> Seen:
        match subject:
            case int(number):
                mark = self.stage.version("token", self.stage.tokens[number])
                return mark, (self.model.tokens[number].content, self.model.tokens[number].renamed)
            case "policy", int(level):
                return self.stage.version("policy", level), self.model.present(subject)
            case "request", int(number):
                return self.stage.fingerprint(number), self._decided_on(number)
            case _, name:
                return self.stage.version("scope", name), dict(self.model.present(subject))

    def _decided_on(self, number: int) -> object:
        """What the page of a request must show: what it is about as it is now, what would become of that, and who can
        obtain the key."""
        model, request = self.model, self.model.requests[number]
        if request.token is None:
            return dict(model.present(request.about))
        token = model.tokens[request.token]
        _, asked = request.changes.get("scopes", (None, frozenset()))
        scopes = {scope: model.catalogue[scope] for scope in token.content.scopes | asked}  # type: ignore[operator]
        team = {name for name in model.people if model.works(name)}
        return token.content, token.renamed, scopes, team

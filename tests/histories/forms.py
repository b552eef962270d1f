"""Forms that people opened, and the mark that each brings along: it says what was shown when it was opened."""

from dataclasses import dataclass, field

from tests.histories.model import Model
from tests.histories.stage import Stage
from tests.histories.state import About
from tests.histories.steps import Step

# What a form is about: ("request", its number), or whatever a request can be about.
Subject = About
# A mark, and what the model would have the form show.
Seen = tuple[str, object]


@dataclass
class Forms:
    """Everybody opened each form when it first was there; some opened it again later."""

    stage: Stage
    model: Model
    first: dict[Subject, Seen] = field(default_factory=dict)
    again: dict[tuple[str, Subject], Seen] = field(default_factory=dict)
    # As of the last step at which what it shows was another than before.
    latest: dict[Subject, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for level in (1, 2, 3):
            self.show(("policy", level))
        for name in self.model.catalogue:
            self.show(("scope", name))

    def show(self, subject: Subject) -> None:
        """Open a form for everybody."""
        self.first[subject] = self.latest[subject] = self._present(subject)

    def show_new(self, tokens: int, requests: int) -> None:
        """Open what is new for everybody: there were so many tokens and requests."""
        for number in range(tokens, len(self.model.tokens)):
            self.show(number)
        for number in range(requests, len(self.model.requests)):
            self.show(("request", number))

    def look(self, who: str, subject: Subject) -> None:
        """Open a form, and leave it open."""
        self.again[who, subject] = self._present(subject)

    def sent(self, step: Step, subject: Subject) -> tuple[str, bool]:
        """The mark that the person sends along, and whether it is out of date."""
        mark = self._mark(subject)
        if not step.stale:
            return mark, False
        then, _ = self.again.get((step.who, subject)) or self.first[subject]
        return then, then != mark

    def same_marks(self) -> list[Subject]:
        """The forms that show something else than they did, under the same mark; whoever opened them earlier would
        decide on what they never saw."""
        found = []
        for subject, (mark, shown) in self.latest.items():
            if self._is_open(subject) and self._shown(subject) != shown:
                self.latest[subject] = self._present(subject)
                if self.latest[subject][0] == mark:
                    found.append(subject)
        return found

    def _is_open(self, subject: Subject) -> bool:
        match subject:
            case "request", int(number):
                return self.model.requests[number].waits(self.stage.clock())
        return True

    def _present(self, subject: Subject) -> Seen:
        return self._mark(subject), self._shown(subject)

    def _mark(self, subject: Subject) -> str:
        match subject:
            case int(number):
                return self.stage.version("token", self.stage.tokens[number])
            case "request", int(number):
                return self.stage.fingerprint(number)
            case table, key:
                return self.stage.version(table, key)

    def _shown(self, subject: Subject) -> object:
        match subject:
            case int(number):
                return self.model.tokens[number].content, self.model.tokens[number].renamed
            case "request", int(number):
                return self._decided_on(number)
        return dict(self.model.present(subject))

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

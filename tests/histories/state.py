"""What there is in the small, and what becomes of requests when something else is done (SPEC 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.histories.crew import Crew
from tests.histories.facts import Entry, Request, Scopes, Token

About = int | tuple[str, int | str]


@dataclass
class State(Crew):
    """Everything that matters. `asks_at` is the policy: the risks at which a second person is asked."""

    catalogue: dict[str, Entry]
    asks_at: set[int]
    tokens: list[Token] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def risk(self, scopes: Scopes) -> int:
        return max(self.catalogue[scope].risk for scope in scopes)

    def present(self, about: About) -> Mapping[str, object]:
        """What a request can be about: each field as it is now."""
        match about:
            case int(number):
                token = self.tokens[number]
                return {**vars(token.content), "status": token.status}
            case "policy", int(level):
                return {"approval": level in self.asks_at}
            case _, str(name):
                return vars(self.catalogue[name])
        raise TypeError(about)

    def holds(self, request: Request) -> bool:
        """Whether what it would change is still as it was when it was asked for."""
        present = self.present(request.about)
        return all(present[name] == before for name, (before, _) in request.changes.items())

    def ask(self, request: Request, now: datetime) -> bool:
        """Open the request, where none waits about the same thing."""
        if any(one.about == request.about and one.waits(now) for one in self.requests):
            return False
        self.requests.append(request)
        return True

    def void_what_does_not_hold(self, about: About, now: datetime) -> None:
        for request in self.requests:
            if request.about == about and request.waits(now) and not self.holds(request):
                request.status = "void"

    def end(self, request: Request, how: str) -> None:
        """End a request without effect; a token that waited for it never comes to be."""
        request.status = how
        if request.token is not None and request.issues and self.tokens[request.token].status == "pending":
            self.tokens[request.token].status = "rejected"

    def end_all_about(self, about: About, how: str, now: datetime) -> None:
        for request in self.requests:
            if request.about == about and request.waits(now):
                request.status = how

    def may_still_ask(self, request: Request) -> bool:
        """Whether its requester may ask for such a thing today."""
        match request.about:
            case int():
                return self.works(request.asker) if request.issues else self.edits(request.asker)
            case "policy", _:
                return self.rules(request.asker)
        return self.people[request.asker].decides

    def withdraw(self, whom: str, now: datetime) -> None:
        """Cancel what somebody asked for and may not ask for any more."""
        for request in self.requests:
            if request.asker == whom and request.waits(now) and not self.may_still_ask(request):
                self.end(request, "cancelled")

    def lapse(self, now: datetime) -> None:
        """What the clock alone does to requests and to the tokens that were never issued."""
        for request in self.requests:
            if request.status == "pending" and not request.waits(now):
                self.end(request, "expired")

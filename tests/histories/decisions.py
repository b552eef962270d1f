"""Decisions in the small: SPEC 7."""

from datetime import datetime

from tests.histories.facts import LIVE, Entry, Request
from tests.histories.state import State


class Decisions(State):
    """Each verb says whether anything happens."""

    def approve(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        request = self.requests[number]
        if stale or not self._decidable(who, request, now) or not self._is_possible(request, now):
            return False
        self._take_effect(request, now)
        request.status = "approved"
        return True

    def reject(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        request = self.requests[number]
        if stale or not self._decidable(who, request, now):
            return False
        self.end(request, "rejected")
        return True

    def cancel(self, who: str, number: int, now: datetime) -> bool:
        request, person = self.requests[number], self.people[who]
        about_token = request.token is not None
        own = request.asker == who and (self.edits(who) if about_token else person.decides)
        allowed = own or self.rules(who) or (about_token and person.active and person.owns)
        if not allowed or not request.waits(now):
            return False
        self.end(request, "cancelled")
        return True

    def _decidable(self, who: str, request: Request, now: datetime) -> bool:
        return self.people[who].decides and request.asker != who and request.waits(now)

    def _is_possible(self, request: Request, now: datetime) -> bool:
        if not self.may_still_ask(request) or not self.holds(request):
            return False
        if request.token is None:
            return True
        token = self.tokens[request.token]
        if request.enables and token.by_administrator and not self.people[request.asker].decides:
            return False
        _, end = request.changes.get("ends", (None, None))
        is_over = isinstance(end, datetime) and end <= now
        return token.stands(now) in LIVE and not is_over

    def _take_effect(self, request: Request, now: datetime) -> None:
        after = {name: value for name, (_, value) in request.changes.items()}
        match request.about:
            case int(number):
                self._let_token(number, after, now)
            case "policy", int(level):
                self.asks_at.remove(level)
            case "scope", str(name):
                self.catalogue[name] = Entry(**{**vars(self.catalogue[name]), **after})

    def _let_token(self, number: int, after: dict[str, object], now: datetime) -> None:
        token = self.tokens[number]
        if not after:
            token.status, token.content = "active", token.content.with_({"ends": token.lives}, now)
        elif "status" in after:
            token.switch_on()
        else:
            token.content = token.content.with_(after, now)

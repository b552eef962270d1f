"""Governance in the small: what SPEC 2, 4, 6 and 7 say happens to tokens and requests, written down once more, without
a look at the program. Every step changes the model and says whether anything happens."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.histories.crew import Crew
from tests.histories.facts import (
    HALF_AN_HOUR,
    LIVE,
    SUPERUSER,
    Content,
    End,
    Request,
    Scopes,
    Token,
    end_of,
)


@dataclass
class Model(Crew):
    """Everything that matters."""

    risks: dict[str, int]
    asks_at: set[int]
    tokens: list[Token] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def risk(self, scopes: Scopes) -> int:
        return max(self.risks[scope] for scope in scopes)

    def may_still_ask(self, request: Request) -> bool:
        if request.issues:
            return self.works(request.asker)
        barred = request.enables and self.tokens[request.token].by_administrator
        return self.edits(request.asker) and not (barred and not self.people[request.asker].decides)

    # Tokens.

    def issue(self, who: str, scopes: Scopes, lives: End, now: datetime) -> bool:
        if not self.works(who):
            return False
        waits = self.risk(scopes) in self.asks_at
        ends = end_of(lives, now) if not waits or isinstance(lives, datetime) else None
        self.tokens.append(Token(Content(scopes, ends), "pending" if waits else "active", lives))
        if not waits:
            return True
        self.requests.append(Request(len(self.tokens) - 1, who, now, issues=True))
        return True

    def edit_scopes(self, who: str, number: int, scopes: Scopes, stale: bool, now: datetime) -> bool:
        token = self.tokens[number]
        if self._closed(who, token, stale, now):
            return False
        before = token.content.scopes
        if scopes == before:
            return False
        looser = not scopes <= before
        if looser and {self.risk(before), self.risk(scopes)} & self.asks_at:
            return self._ask(Request(number, who, now, scopes=(before, scopes)), now)
        self._set(number, replace(token.content, scopes=scopes), now)
        return True

    def edit_end(self, who: str, number: int, lives: End, stale: bool, now: datetime) -> bool:
        token = self.tokens[number]
        if self._closed(who, token, stale, now):
            return False
        before, after = token.content.ends, end_of(lives, now)
        if before == after:
            return False
        looser = after is None or (before is not None and after > before)
        if looser and self.risk(token.content.scopes) in self.asks_at:
            return self._ask(Request(number, who, now, ends=(before, lives)), now)
        self._set(number, replace(token.content, ends=after), now)
        return True

    def rename(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        return not self._closed(who, self.tokens[number], stale, now)

    def disable(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) != "active":
            return False
        token.status, token.version = "disabled", token.version + 1
        token.disabled_by, token.disabled_at, token.by_administrator = who, now, self.people[who].decides
        self._end_requests(number, "void", now)
        return True

    def enable(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) != "disabled":
            return False
        if token.by_administrator and not self.people[who].decides:
            return False
        undoes = token.disabled_by == who and token.disabled_at is not None and now - token.disabled_at <= HALF_AN_HOUR
        if not undoes and self.risk(token.content.scopes) in self.asks_at:
            return self._ask(Request(number, who, now, enables=True), now)
        self._end_requests(number, "void", now)
        self._switch_on(token)
        return True

    def revoke(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) in {"revoked", "rejected"}:
            return False
        self._end_requests(number, "cancelled" if token.status == "pending" else "void", now)
        token.status, token.version = "revoked", token.version + 1
        return True

    def rotate(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        return self.works(who) and token.stands(now) in {"active", "disabled"}

    # Decisions.

    def approve(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        request = self.requests[number]
        token = self.tokens[request.token]
        if stale or not self._decidable(who, request, now) or not self.may_still_ask(request):
            return False
        if token.stands(now) not in LIVE or not self._holds(request) or self._is_over(request, now):
            return False
        self._take_effect(request, token, now)
        token.version += 1
        request.status = "approved"
        return True

    def reject(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        request = self.requests[number]
        if stale or not self._decidable(who, request, now):
            return False
        self._end(request, "rejected")
        return True

    def cancel(self, who: str, number: int, now: datetime) -> bool:
        request, person = self.requests[number], self.people[who]
        own = request.asker == who and self.edits(who)
        allowed = own or (person.active and (person.owns or person.role == SUPERUSER))
        if not allowed or not request.waits(now):
            return False
        self._end(request, "cancelled")
        return True

    # People.

    def change_role(self, who: str, whom: str, role: str, now: datetime) -> bool:
        target = self.people[whom]
        if not self.rules(who) or not target.active or target.role == role or self.is_last(whom):
            return False
        target.role = role
        self._withdraw(whom, now)
        return True

    def deactivate(self, who: str, whom: str, now: datetime) -> bool:
        if not self.rules(who) or not self.people[whom].active or self.is_last(whom):
            return False
        self.people[whom].active = False
        self._withdraw(whom, now)
        return True

    def admit(self, who: str, whom: str) -> bool:
        target = self.people[whom]
        known = target.owns or target.works_here
        if not self.manages(who) or known or not target.active or (who == whom and not self.works(who)):
            return False
        target.works_here = True
        return True

    def remove(self, who: str, whom: str, now: datetime) -> bool:
        if not self.manages(who) or not self.people[whom].works_here:
            return False
        self.people[whom].works_here = False
        self._withdraw(whom, now)
        return True

    def lapse(self, now: datetime) -> None:
        """What the clock alone does to requests and to the tokens that were never issued."""
        for request in self.requests:
            if request.status == "pending" and not request.waits(now):
                self._end(request, "expired")

    # In the parts.

    def _closed(self, who: str, token: Token, stale: bool, now: datetime) -> bool:
        return stale or not self.edits(who) or token.stands(now) not in {"active", "disabled"}

    def _ask(self, request: Request, now: datetime) -> bool:
        if any(one.token == request.token and one.waits(now) for one in self.requests):
            return False
        self.requests.append(request)
        return True

    def _set(self, number: int, content: Content, now: datetime) -> None:
        token = self.tokens[number]
        token.content, token.version = content, token.version + 1
        for request in self.requests:
            if request.token == number and request.waits(now) and not self._holds(request):
                request.status = "void"

    def _holds(self, request: Request) -> bool:
        """Whether what it would change is still as it was when it was asked for."""
        token = self.tokens[request.token]
        scopes_hold = request.scopes is None or request.scopes[0] == token.content.scopes
        ends_hold = request.ends is None or request.ends[0] == token.content.ends
        return scopes_hold and ends_hold and (not request.enables or token.status == "disabled")

    def _take_effect(self, request: Request, token: Token, now: datetime) -> None:
        if request.issues:
            token.status, token.content = "active", replace(token.content, ends=end_of(token.lives, now))
        if request.scopes is not None:
            token.content = replace(token.content, scopes=request.scopes[1])
        if request.ends is not None:
            token.content = replace(token.content, ends=end_of(request.ends[1], now))
        if request.enables:
            self._switch_on(token)

    def _switch_on(self, token: Token) -> None:
        token.status, token.version, token.by_administrator = "active", token.version + 1, False
        token.disabled_by = token.disabled_at = None

    def _is_over(self, request: Request, now: datetime) -> bool:
        """Whether the end that was asked for has passed."""
        asked = request.ends[1] if request.ends is not None else None
        return isinstance(asked, datetime) and asked <= now

    def _decidable(self, who: str, request: Request, now: datetime) -> bool:
        return self.people[who].decides and request.asker != who and request.waits(now)

    def _end(self, request: Request, how: str) -> None:
        request.status = how
        if request.issues and self.tokens[request.token].status == "pending":
            self.tokens[request.token].status = "rejected"

    def _end_requests(self, number: int, how: str, now: datetime) -> None:
        for request in self.requests:
            if request.token == number and request.waits(now):
                request.status = how

    def _withdraw(self, whom: str, now: datetime) -> None:
        for request in self.requests:
            if request.asker == whom and request.waits(now) and not self._keeps(request):
                self._end(request, "cancelled")

    def _keeps(self, request: Request) -> bool:
        return self.works(request.asker) if request.issues else self.edits(request.asker)

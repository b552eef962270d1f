"""What people do to tokens, in the small: SPEC 5, 6 and 8."""

from dataclasses import replace
from datetime import datetime

from tests.histories.facts import HALF_AN_HOUR, Content, End, Request, Token, end_of, is_looser
from tests.histories.state import State


class OnTokens(State):
    """Each verb says whether anything happens."""

    def issue(self, who: str, content: Content, lives: End, now: datetime) -> bool:
        """`content` says what the token is to be, but for its end."""
        if not self.works(who) or any(self.catalogue[scope].retired for scope in content.scopes):
            return False
        waits = self.risk(content.scopes) in self.asks_at
        ends = None if waits and not isinstance(lives, datetime) else end_of(lives, now)
        self.tokens.append(Token(replace(content, ends=ends), "pending" if waits else "active", lives))
        if waits:
            self.requests.append(Request(len(self.tokens) - 1, who, now))
        return True

    def edit(self, who: str, number: int, field: str, value: object, stale: bool, now: datetime) -> bool:
        """Give one field of the content another value, or ask for it."""
        token = self.tokens[number]
        if self._closed(who, token, stale, now):
            return False
        before, after = token.content, token.content.with_({field: value}, now)
        if self.gets_retired(before, after) or before == after:
            return False
        risks = {self.risk(before.scopes), self.risk(after.scopes)}
        if is_looser(field, getattr(before, field), getattr(after, field)) and risks & self.asks_at:
            return self.ask(Request(number, who, now, {field: (getattr(before, field), value)}), now)
        token.content = after
        self.void_what_does_not_hold(number, now)
        return True

    def gets_retired(self, before: Content, after: Content) -> bool:
        """Whether a scope would be given out that is retired; who holds one keeps it."""
        return any(self.catalogue[scope].retired for scope in after.scopes - before.scopes)

    def rename(self, who: str, number: int, stale: bool, now: datetime) -> bool:
        if self._closed(who, self.tokens[number], stale, now):
            return False
        self.tokens[number].renamed += 1
        return True

    def rotate(self, who: str, number: int, now: datetime) -> bool:
        return self.works(who) and self.tokens[number].stands(now) in {"active", "disabled"}

    def disable(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) != "active":
            return False
        token.status, token.disabled_by, token.disabled_at = "disabled", who, now
        token.by_administrator = self.people[who].decides
        self.end_all_about(number, "void", now)
        token.close(now)
        return True

    def enable(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) != "disabled":
            return False
        if token.by_administrator and not self.people[who].decides:
            return False
        undoes = token.disabled_by == who and token.disabled_at is not None and now - token.disabled_at <= HALF_AN_HOUR
        if not undoes and self.risk(token.content.scopes) in self.asks_at:
            return self.ask(Request(number, who, now, {"status": ("disabled", "active")}), now)
        self.end_all_about(number, "void", now)
        token.switch_on()
        return True

    def revoke(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.edits(who) or token.stands(now) in {"revoked", "rejected"}:
            return False
        self.end_all_about(number, "cancelled" if token.status == "pending" else "void", now)
        token.status = "revoked"
        token.close(now)
        return True

    def _closed(self, who: str, token: Token, stale: bool, now: datetime) -> bool:
        return stale or not self.edits(who) or token.stands(now) not in {"active", "disabled"}

"""The rules about rules in the small: the approval policy and the catalogue, SPEC 4 and 7."""

from dataclasses import replace
from datetime import datetime

from tests.histories.facts import LIVE, PERMITS, Entry, Request
from tests.histories.state import State


class OnRules(State):
    """Each verb says whether anything happens."""

    def set_policy(self, who: str, level: int, asks: bool, stale: bool, now: datetime) -> bool:
        before = level in self.asks_at
        if stale or not self.rules(who) or before == asks:
            return False
        if before:
            return self.ask(Request(("policy", level), who, now, {"approval": (True, False)}), now)
        self.asks_at.add(level)
        self.void_what_does_not_hold(("policy", level), now)
        return True

    def set_policy_on_host(self, level: int, asks: bool, now: datetime) -> bool:
        """By whoever sits at the machine, who asks nobody."""
        if (level in self.asks_at) == asks:
            return False
        (self.asks_at.add if asks else self.asks_at.remove)(level)
        self.void_what_does_not_hold(("policy", level), now)
        return True

    def edit_scope(self, who: str, name: str, after: Entry, stale: bool, now: datetime) -> bool:
        before = self.catalogue[name]
        if stale or not self.people[who].decides or before == after:
            return False
        if self.loosens(name, after, now):
            pairs = {each: (value, getattr(after, each)) for each, value in vars(before).items()}
            changes = {each: pair for each, pair in pairs.items() if pair[0] != pair[1]}
            return self.ask(Request(("scope", name), who, now, changes), now)
        self.catalogue[name] = after
        self.void_what_does_not_hold(("scope", name), now)
        return True

    def retire(self, who: str, name: str, retired: bool, stale: bool, now: datetime) -> bool:
        return self.edit_scope(who, name, replace(self.catalogue[name], retired=retired), stale, now)

    def loosens(self, name: str, after: Entry, now: datetime) -> bool:
        """Whether the scope would be less risky, be given out again, or permit more where a live token holds it."""
        before = self.catalogue[name]
        held = any(name in token.content.scopes and token.stands(now) in LIVE for token in self.tokens)
        permits_more = not PERMITS[after.permits][1] <= PERMITS[before.permits][1]
        return after.risk < before.risk or (before.retired and not after.retired) or (held and permits_more)

"""What is asked of a token, and what is known of it: the two sides that a decision is made from."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from app.domain import lifecycle, risk
from app.domain.access_rules import AccessRule
from app.domain.networks import Address
from app.domain.restrictions import NOTHING, Restrictions
from app.domain.scopes import AnswersFor


@dataclass(frozen=True)
class GrantedScope:
    """A scope that a token holds, with what it permits."""

    name: str
    risk: risk.Risk
    permissions: tuple[AccessRule, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """What is stored of one key and its token, read together."""

    key_id: str
    key_stops_at: datetime | None
    token_id: str
    facts: lifecycle.Facts
    application_id: str
    application_name: str
    application_enabled: bool
    answers_for: AnswersFor
    scopes: tuple[GrantedScope, ...]
    restrictions: Restrictions = NOTHING
    # The emergency window that nobody has ended, which may be over by the clock.
    emergency_id: int | None = None
    emergency_until: datetime | None = None

    @cached_property
    def memo(self) -> "dict[Any, Any]":
        """What was worked out about this snapshot and can be used again: see `decide`."""
        return {}

    @property
    def risk(self) -> risk.Risk:
        """The highest risk among the token's scopes."""
        return risk.highest(scope.risk for scope in self.scopes)

    def told_to(self, answers_for: AnswersFor) -> tuple[GrantedScope, ...]:
        """The scopes that a verifying service which answers for these resources may be told about."""
        return tuple(scope for scope in self.scopes if answers_for.covers(scope.name))


@dataclass(frozen=True)
class Question:
    """What a verifying service asks. `answers_for` is what that service may be told about."""

    scopes: frozenset[str] = frozenset()
    method: str | None = None
    path: str | None = None
    client_ip: Address | None = None
    cost: int = 1
    answers_for: AnswersFor = AnswersFor(everything=True)

    def __hash__(self) -> int:
        """Worked out once: questions are looked up by it."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.scopes, self.method, self.path, self.client_ip, self.cost, self.answers_for))

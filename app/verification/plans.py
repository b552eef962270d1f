"""What questions came to, for when they are asked again word for word: services ask the same of a token over and over.

A plan is kept with the generation that it was made from and holds until time changes something in it, like everything
that is kept. What has to be counted is counted each time."""

import secrets
import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from app.domain.decision import Decision
from app.domain.question import Snapshot
from app.quota.uses import Claim
from app.verification.answer import Call

MOST_KNOWN = 50_000
# Whoever makes up keys pushes out nothing but such plans.
MOST_NOBODYS = 10_000
LARGEST_BODY = 1_024
BEARER = "Bearer pst_"
# Nobody who reads this memory learns a key, or can look for one.
_SECRET = secrets.token_bytes(32)
Mark = tuple[bytes, Hashable]


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions about the caller and about what was asked, each but for its rate; `cost` and `uses` as asked.
    `address` is where the token was said to be used, `peer` where the caller was."""

    caller: Snapshot
    permission: Decision
    decision: Decision
    cost: int
    uses: bool
    scopes: frozenset[str]
    address: str | None
    peer: str | None
    claims: Sequence[Claim]
    since: datetime
    until: datetime


class Plans:
    """Plans by the marks of their questions. Bounded; the oldest goes first."""

    def __init__(self) -> None:
        self._known: dict[Mark, tuple[Hashable, Plan]] = {}
        self._nobodys: dict[Mark, tuple[Hashable, Plan]] = {}
        self._one_at_a_time = threading.Lock()

    def find(self, mark: Mark, generation: Hashable, now: datetime) -> Plan | None:
        """The plan that holds now."""
        kept = self._known.get(mark) or self._nobodys.get(mark)
        if kept is None or kept[0] != generation:
            return None
        plan = kept[1]
        return plan if plan.since <= now < plan.until else None

    def keep(self, mark: Mark, generation: Hashable, plan: Plan) -> None:
        """Remember a plan that was made from this generation."""
        with self._one_at_a_time:
            other, table, most = (
                (self._known, self._nobodys, MOST_NOBODYS)
                if plan.decision.snapshot is None
                else (self._nobodys, self._known, MOST_KNOWN)
            )
            other.pop(mark, None)
            if mark not in table and len(table) >= most:
                del table[next(iter(table))]
            table[mark] = (generation, plan)


def mark(call: Call) -> Mark | None:
    """What tells this question from every other; None for one that is not worth remembering."""
    authorization = call.authorization
    if authorization is None or not authorization.startswith(BEARER) or len(call.body) > LARGEST_BODY:
        return None
    # The header first: no header holds a NUL, so where it ends and the body begins can be told.
    digest = blake2b(authorization.encode("utf-8", "surrogatepass"), key=_SECRET, digest_size=24)
    digest.update(b"\0")
    digest.update(call.body)
    return digest.digest(), call.peer

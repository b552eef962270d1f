"""What questions came to, for when they are asked again word for word: services ask the same of a token over and over.

A plan is kept with the moment (store/freshness.py) at which it was made, and holds until somebody changes something in
it, or time does. What has to be counted is counted each time."""

import secrets
import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from app.domain.decision import Decision, holds_until
from app.domain.networks import Address
from app.domain.question import Snapshot
from app.domain.usage import BY_PATH, HOUR, Alike, Use, hour_of
from app.quota.uses import Claim
from app.store.snapshots import Look
from app.verification import bearer, wording
from app.verification.answer import Call
from app.verification.schema import Body

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
    """The decisions about the caller and about what was asked, each but for its rate; `cost` and `explain` as asked.

    `asking` is the caller's use of its own key, `use` the use of this one where it is accepted, `refusal` what is noted
    where it is not: each but for its instant, and None for what counts nothing. `begun` is the answer but for its end,
    where nothing can change it but a rate: then the end is all that is left to say."""

    caller: Snapshot
    permission: Decision
    decision: Decision
    cost: int
    explain: bool
    claims: Sequence[Claim]
    asking: Alike | None
    use: Alike | None
    refusal: Use | None
    begun: bytes | None
    since: datetime
    until: datetime


def made(caller: Snapshot, permission: Decision, decision: Decision, asked: Body, call: Call) -> Plan:
    """What a caller that may ask comes to with this question."""
    hour = hour_of(call.now)
    asking = use = None
    # What only asks for reasons uses up nothing, of the caller's own rate either.
    counts = not asked.explain
    if counts:
        asking = _asking(caller, permission, call, hour)
        if decision.snapshot is not None:
            use = use_of(decision.snapshot, decision, call, asked.client_ip, caller.token_id, _asked_for(asked))
    ends = (hour + HOUR, *(holds_until(one, call.now) for one in (caller, decision.snapshot) if one))
    return Plan(
        caller,
        permission,
        decision,
        cost=asked.cost,
        explain=asked.explain,
        claims=(*claims(permission, 1, use=counts), *claims(decision, asked.cost, use=counts)),
        asking=asking,
        use=Alike(use) if use is not None and decision.valid else None,
        refusal=use,
        begun=wording.begun(decision, call.request_id, call.now, caller.answers_for) if counts else None,
        since=call.now,
        until=min(ends),
    )


def claims(decision: Decision, cost: int, *, use: bool) -> Sequence[Claim]:
    """What has to be counted before the decision is the answer, last and only where all else passes: one claim or
    none."""
    rate, snapshot = decision.rate, decision.snapshot
    return () if rate is None or snapshot is None else (Claim(snapshot.token_id, rate, cost, use),)


def use_of(
    snapshot: Snapshot,
    decision: Decision,
    call: Call,
    address: Address | None,
    caller_token_id: str | None,
    scopes: frozenset[str],
) -> Use:
    """What usage remembers of this decision."""
    return Use(
        token_id=snapshot.token_id,
        key_id=snapshot.key_id,
        at=call.now,
        code=decision.code,
        address=str(address) if address else None,
        caller_token_id=caller_token_id,
        request_id=call.request_id,
        scopes=scopes,
        window_id=decision.passed_by,
    )


def _asking(caller: Snapshot, permission: Decision, call: Call, hour: datetime) -> Alike:
    """The caller's use of its own key: the same whatever it asks."""
    about = ("asking", call.peer, hour, permission.passed_by)
    kept: Alike | None = caller.memo.get(about)
    if kept is None:
        kept = Alike(use_of(caller, permission, call, call.peer, None, bearer.ASKED))
        caller.memo[about] = kept
    return kept


def _asked_for(asked: Body) -> frozenset[str]:
    """The scopes that usage remembers for this question."""
    return asked.scopes or (frozenset({BY_PATH}) if asked.path is not None else frozenset())


class Plans:
    """Plans by the marks of their questions. Bounded; the oldest goes first."""

    def __init__(self) -> None:
        self._known: dict[Mark, tuple[int, Plan]] = {}
        self._nobodys: dict[Mark, tuple[int, Plan]] = {}
        self._one_at_a_time = threading.Lock()

    def find(self, mark: Mark, look: Look, now: datetime) -> Plan | None:
        """The plan for this question, where it is right as of this look. Raises Unavailable."""
        kept = self._known.get(mark) or self._nobodys.get(mark)
        if kept is None or not kept[1].since <= now < kept[1].until:
            return None
        moment, plan = kept
        # Mostly nothing has changed at all.
        lasts = look.moment() == moment or look.lasts(moment, plan.caller, plan.decision.snapshot)
        return plan if lasts else None

    def keep(self, mark: Mark, moment: int, plan: Plan) -> None:
        """Remember a plan that is right as of this moment."""
        with self._one_at_a_time:
            other, table, most = (
                (self._known, self._nobodys, MOST_NOBODYS)
                if plan.decision.snapshot is None
                else (self._nobodys, self._known, MOST_KNOWN)
            )
            other.pop(mark, None)
            if mark not in table and len(table) >= most:
                del table[next(iter(table))]
            table[mark] = (moment, plan)


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

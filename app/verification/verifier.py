"""The whole of verification without a framework: a call in, bytes out, whatever happens in between."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError

from app.domain.decision import Count, Decision, counted, decide
from app.domain.networks import Address
from app.domain.question import Question, Snapshot
from app.domain.scopes import AnswersFor
from app.quota.uses import Heard, Moved, Uses
from app.quota.windows import CountersGone
from app.store.reading.reader import Unavailable
from app.store.snapshots import Look, Snapshots
from app.verification import bearer, plans, schema, wording
from app.verification.answer import Answer, Call, encoded
from app.verification.measures import Measures
from app.verification.plans import Plan, Plans
from app.verification.problems import Problem, cannot_count, cannot_decide
from app.verification.usage import UsageWriter
from app.verification.wording import EVERYTHING

log = logging.getLogger(__name__)
# (key id, address, request id, now): services.tokens.self_revoke, which stands above this floor and is handed in.
RevokeByKey = Callable[[str, str | None, str, datetime], None]


@dataclass(frozen=True)
class Verifier:
    """Answers calls. Each method gives an answer for every call, and none of them a 500 or a page."""

    snapshots: Snapshots
    usage: UsageWriter
    uses: Uses
    revoke_by_key: RevokeByKey
    measures: Measures
    plans: Plans = field(default_factory=Plans)

    def verify(self, call: Call) -> Answer:
        """May this token do this, now, from here? Asked by a service that holds `token:verify`."""
        started = perf_counter()
        answer = self._answered(self._verify, call)
        self.measures.observe(answer.code, perf_counter() - started)
        return answer

    def about_self(self, call: Call) -> Answer:
        """The decision about the very key that the call presents, from where it comes. Counts nothing."""
        return self._answered(self._about_self, call)

    def revoke_self(self, call: Call) -> Answer:
        """Revoke the token whose key the call presents; the answer is the decision about it afterwards."""
        return self._answered(self._revoke_self, call)

    def start(self) -> None:
        """Count on from where the last orderly stop left off, and write usage from now on."""
        self.uses.resume()
        self.usage.start()

    def stop(self) -> None:
        """Keep the counters for the next start, and close."""
        self.uses.keep()
        self.close()

    def close(self) -> None:
        """Write the usage that is still in memory, and let the database go."""
        self.usage.close()
        self.snapshots.close()
        self.uses.close()
        self.measures.close()

    def _verify(self, call: Call) -> Answer:
        schema.check_envelope(call.content_type, len(call.body))
        assumed = self.uses.assumed()
        if assumed is None:
            return self._decided(call, self.snapshots.look(), None)
        try:
            return self._decided(call, self.snapshots.look_at(*assumed), assumed)
        except Moved as moved:
            # Heard after the question arrived, so that it needs no second proof.
            return self._decided(call, self.snapshots.look_at(*moved.heard), None)
        except CountersGone:
            # Without Redis the database proves what it says itself; what has to be counted is not answered.
            return self._decided(call, self.snapshots.look(), None)

    def _decided(self, call: Call, look: Look, expected: Heard | None) -> Answer:
        """The answer from what is seen there. Raises Moved, with nothing used up, where `expected` is the past."""
        mark = plans.mark(call)
        plan = self.plans.find(mark, look, call.now) if mark is not None else None
        if plan is None:
            plan = self._plan(call, look, expected)
            if mark is not None:
                self.plans.keep(mark, look.moment(), plan)
        return self._carried_out(plan, call, expected)

    def _plan(self, call: Call, look: Look, expected: Heard | None) -> Plan:
        """What the question comes to, but for what has to be counted. Raises Problem, and Moved."""
        try:
            caller = bearer.holder(call, look)
            permission = bearer.judge(caller, call)
            asked = schema.parse(call.body) if permission.valid else None
        except Problem:
            # No refusal rests on the past either.
            self._prove(call, look, expected)
            raise
        if asked is None:
            self._prove(call, look, expected)
            raise self._refused(permission, caller, call)
        question = _question(asked.scopes, asked.method, asked.path, asked.client_ip, caller.answers_for)
        decision = decide(look.of(asked.token), question, call.now)
        return plans.made(caller, permission, decision, asked, call)

    def _carried_out(self, plan: Plan, call: Call, expected: Heard | None) -> Answer:
        """The answer, once what has to be counted is counted. Raises Problem, and Moved."""
        counts = self.uses.take_all(plan.claims, call.now, expected) if plan.claims or expected is not None else ()
        if plan.begun is not None and (not counts or counts[-1].fits):
            self._note(plan, plan.decision, call)
            count = counts[-1] if plan.decision.rate is not None else None
            body = wording.ended(plan.begun, plan.decision, count, call.request_id)
            return Answer(200, body, code=plan.decision.code)
        left = iter(counts)
        permission = _counted(plan.permission, 1, left)
        if not permission.valid:
            raise self._refused(permission, plan.caller, call)
        decision = _counted(plan.decision, plan.cost, left)
        self._note(plan, decision, call)
        return _said(decision, call, told=plan.caller.answers_for, explain=plan.explain)

    def _note(self, plan: Plan, decision: Decision, call: Call) -> None:
        """Leave what usage remembers: that the caller asked, and what became of it."""
        if plan.asking is not None:
            self.usage.note_again(plan.asking, call.now)
        if decision.valid:
            if plan.use is not None:
                self.usage.note_again(plan.use, call.now)
        elif plan.refusal is not None:
            self.usage.note(
                plan.refusal._replace(at=call.now, code=decision.code, request_id=call.request_id, window_id=None)
            )

    def _prove(self, call: Call, look: Look, expected: Heard | None) -> None:
        """Raise Moved where what was seen is the past."""
        if look.used and expected is not None:
            self.uses.take_all((), call.now, expected)

    def _refused(self, permission: Decision, caller: Snapshot, call: Call) -> Problem:
        """How a caller that may not ask is told, after that is noted."""
        self.usage.note(plans.use_of(caller, permission, call, call.peer, None, bearer.ASKED))
        return bearer.refusal(permission, call.now)

    def _about_self(self, call: Call) -> Answer:
        own = bearer.holder(call, self.snapshots.look())
        decision = decide(own, Question(client_ip=call.peer), call.now)
        claims = plans.claims(decision, 0, use=False)
        # A token without a rate needs no counters, and is told of itself while they are gone.
        counts = self.uses.take_all(claims, call.now) if claims else ()
        return _said(_counted(decision, 0, iter(counts)), call)

    def _revoke_self(self, call: Call) -> Answer:
        own = bearer.holder(call, self.snapshots.look())
        address = str(call.peer) if call.peer else None
        self.revoke_by_key(own.key_id, address, call.request_id, call.now)
        return self._about_self(call)

    def _answered(self, act: Callable[[Call], Answer], call: Call) -> Answer:
        try:
            return act(call)
        except Problem as problem:
            return problem.answer(call.request_id)
        except CountersGone:
            log.error("no answer, Redis does not say how often the token was used")  # noqa: TRY400 - of no use here
            return cannot_count().answer(call.request_id)
        except (Unavailable, SQLAlchemyError) as error:
            said = {"request_id": call.request_id}
            log.error("no answer, the database is unavailable: %s", type(error).__name__, extra=said)  # noqa: TRY400
        except Exception:
            # A mistake of ours must not become a 500, which a careless caller might read as "try without asking".
            log.exception("no answer", extra={"request_id": call.request_id})
        return cannot_decide().answer(call.request_id)


def _counted(decision: Decision, cost: int, counts: Iterator[Count]) -> Decision:
    """The decision with its count, which is the next one."""
    rate = decision.rate
    return decision if rate is None else counted(decision, rate, cost, next(counts))


# Services ask for the same again and again, of many tokens.
@lru_cache(maxsize=4_096)
def _question(
    scopes: frozenset[str] | None,
    method: str | None,
    path: str | None,
    client_ip: Address | None,
    answers_for: AnswersFor,
) -> Question:
    return Question(scopes or frozenset(), method, path, client_ip, answers_for=answers_for)


def _said(decision: Decision, call: Call, *, told: AnswersFor = EVERYTHING, explain: bool = False) -> Answer:
    body = encoded(wording.as_json(decision, call.request_id, call.now, told=told, explain=explain))
    return Answer(200, body, code=decision.code)

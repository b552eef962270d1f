"""The whole of verification without a framework: a call in, bytes out, whatever happens in between."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError

from app.domain.decision import Decision, counted, decide
from app.domain.networks import Address
from app.domain.question import Question, Snapshot
from app.domain.scopes import AnswersFor
from app.domain.usage import BY_PATH, Use
from app.quota.uses import Uses
from app.quota.windows import CountersGone
from app.store.reading.reader import Unavailable
from app.store.snapshots import Snapshots
from app.verification import bearer, schema
from app.verification.answer import Answer, Call, encoded
from app.verification.measures import Measures
from app.verification.problems import Problem, cannot_count, cannot_decide
from app.verification.schema import Body
from app.verification.usage import UsageWriter
from app.verification.wording import as_json

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
        self.measures.close()

    def _verify(self, call: Call) -> Answer:
        schema.check_envelope(call.content_type, len(call.body))
        look = self.snapshots.look()
        caller = bearer.holder(call, look)
        permission = self._permitted(bearer.judge(caller, call), caller, call)
        asked = schema.parse(call.body)
        # What cannot be read, and what only asks for reasons, uses up nothing of the caller's own rate.
        self._permitted(self._counted(permission, 1, call, use=not asked.explain), caller, call)
        decision = decide(look.of(asked.token), _question(asked, caller.answers_for), call.now)
        decision = self._counted(decision, asked.cost, call, use=not asked.explain)
        if not asked.explain:
            self._note(caller, permission, call, call.peer, None, bearer.ASKED)
            self._note(decision.snapshot, decision, call, asked.client_ip, caller.token_id, _asked_for(asked))
        return _said(decision, call, told=caller.answers_for, explain=asked.explain)

    def _permitted(self, permission: Decision, caller: Snapshot, call: Call) -> Decision:
        """The decision about the caller. Raises Problem where it may not ask."""
        if permission.valid:
            return permission
        self._note(caller, permission, call, call.peer, None, bearer.ASKED)
        raise bearer.refusal(permission, call.now)

    def _about_self(self, call: Call) -> Answer:
        own = bearer.holder(call, self.snapshots.look())
        decision = decide(own, Question(client_ip=call.peer), call.now)
        return _said(self._counted(decision, 0, call, use=False), call)

    def _revoke_self(self, call: Call) -> Answer:
        own = bearer.holder(call, self.snapshots.look())
        address = str(call.peer) if call.peer else None
        self.revoke_by_key(own.key_id, address, call.request_id, call.now)
        return self._about_self(call)

    def _counted(self, decision: Decision, cost: int, call: Call, *, use: bool = True) -> Decision:
        """The decision with its rate, which is counted last and only where all else passes."""
        rate, snapshot = decision.rate, decision.snapshot
        if rate is None or snapshot is None:
            return decision
        return counted(decision, rate, cost, self.uses.take(snapshot.token_id, rate, cost, call.now, use=use))

    def _note(
        self,
        snapshot: Snapshot | None,
        decision: Decision,
        call: Call,
        address: Address | None,
        caller: str | None,
        scopes: frozenset[str],
    ) -> None:
        if snapshot is None:
            return
        where = str(address) if address else None
        use = Use(
            token_id=snapshot.token_id,
            key_id=snapshot.key_id,
            at=call.now,
            code=decision.code,
            address=where,
            caller_token_id=caller,
            request_id=call.request_id,
            scopes=scopes,
            window_id=decision.passed_by,
        )
        self.usage.note(use)

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


def _question(asked: Body, answers_for: AnswersFor) -> Question:
    return Question(
        scopes=asked.scopes or frozenset(),
        method=asked.method,
        path=asked.path,
        client_ip=asked.client_ip,
        cost=asked.cost,
        answers_for=answers_for,
    )


def _asked_for(asked: Body) -> frozenset[str]:
    """The scopes that usage remembers for this question."""
    return asked.scopes or (frozenset({BY_PATH}) if asked.path is not None else frozenset())


def _said(decision: Decision, call: Call, *, told: AnswersFor | None = None, explain: bool = False) -> Answer:
    told = told or AnswersFor(everything=True)
    body = encoded(as_json(decision, call.request_id, call.now, told=told, explain=explain))
    return Answer(200, body, code=decision.code.value)

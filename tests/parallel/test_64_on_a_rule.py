"""64 people approve, reject and ask at once about one rule, on a real server: one effect, one event, everybody told."""

import re
from collections import Counter
from functools import partial

from flask import Flask
from sqlalchemy import select

from app.clock import Clock
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services.policy import set_policy, set_policy_on_host
from app.store import audit_chain
from app.store.database import db
from app.store.queries import approvals, policy
from app.store.tables import ApprovalRequestRow, AuditEventRow
from tests import factories
from tests.cast import Cast
from tests.parallel.people import all_at_once, csrf_of, enter
from tests.parallel.test_64_at_once import ADA, PEOPLE
from tests.real.postern import PosternServer

ROUNDS = 3
WHY = "It stands in the plan for this week"


def events(app: Flask, subject: str) -> Counter[str]:
    with app.app_context():
        found = db.session.scalars(select(AuditEventRow.action).where(AuditEventRow.subject_id == subject))
        return Counter(found)


def test_of_64_decisions_about_a_rule_one_counts(app: Flask, cast: Cast, clock: Clock, server: PosternServer) -> None:
    with app.app_context():
        eve = factories.make_person("Eve", Role.SUPERUSER, clock())
    deciders = [enter(app, server.url, person, clock()) for person in (cast.grace, cast.ada)]
    forms = [csrf_of(decider, "/account") for decider in deciders]
    for _ in range(ROUNDS):
        with app.app_context():
            set_policy_on_host(Risk.MEDIUM, True, WHY, clock())
            version = next(str(one.version) for one in policy.entries(db.session()) if one.level is Risk.MEDIUM)
            asked = set_policy(Risk.MEDIUM, False, version, WHY, factories.actor(eve), clock())
            view = approvals.find(db.session(), ADA, asked.request_id or "", clock())
        assert view is not None
        fields = {"fingerprint": view.fingerprint, "comment": "Decided at once"}

        answers = all_at_once(
            [
                partial(
                    deciders[n % 2].post,
                    f"/approvals/{view.id}/{('approve', 'reject')[n // 2 % 2]}",
                    forms[n % 2],
                    **fields,
                )
                for n in range(PEOPLE)
            ]
        )

        assert Counter(answer.status for answer in answers) == {303: 1, 409: PEOPLE - 1}
        told = [answer.text for answer in answers if answer.status == 409]
        assert all(re.search(r"already \w+ by (Grace|Ada) on \d+ \w+ \d{4}", text) for text in told)
        decided = events(app, view.id)
        assert decided.total() == 1
        with app.app_context():
            asks = policy.current(db.session()).asks_at(Risk.MEDIUM)
        assert asks is not bool(decided["approval.approved"])
    with app.app_context():
        assert audit_chain.first_break(db.session()) is None


def test_of_64_who_ask_for_the_same_one_request_waits(
    app: Flask, cast: Cast, clock: Clock, server: PosternServer
) -> None:
    ada = enter(app, server.url, cast.ada, clock())
    form = csrf_of(ada, "/account")
    fields = {"version": "1", "approval": "do-not-ask", "reason": WHY}

    answers = all_at_once([partial(ada.post, "/settings/policy/high", form, **fields)] * PEOPLE)

    assert Counter(answer.status for answer in answers) == {303: 1, 409: PEOPLE - 1}
    assert events(app, "high") == {"policy.change_asked": 1}
    with app.app_context():
        assert len(db.session.scalars(select(ApprovalRequestRow)).all()) == 1

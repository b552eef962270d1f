"""What each page costs in a large installation: server time as CPU, and queries, for each role."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from time import process_time
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.domain.approval import RequestStatus
from app.domain.incidents import Stop
from app.domain.lifecycle import Status
from app.domain.people import Actor, Person
from app.services.tokens.stop_many import Wanted, stop_tokens
from app.store.database import db
from app.store.tables import ApplicationRow, ApprovalRequestRow, AuditEventRow, TokenRow, TokenScope
from bench.installation import Installation
from tests.factories import sign_in

TIMES = 5
# Doors of programs, and pages without a person, need no large installation.
ELSEWHERE = ("static", "verification.", "operations.", "welcome.", "sign_in.", "docs.")


@dataclass(frozen=True)
class Cost:
    """What one page costs one person. `milliseconds` is the median of CPU time, of the server and of the client that
    tests use."""

    who: str
    address: str
    status: int
    queries: int
    milliseconds: float


@dataclass(frozen=True)
class Ways:
    """What the addresses of pages are filled in with, and the questions that pages take."""

    arguments: Mapping[str, Sequence[str]]
    queries: Mapping[str, Sequence[Mapping[str, str]]]


def costs(place: Installation, now: datetime, times: int = TIMES) -> Sequence[Cost]:
    """Every page of the route map, opened so many `times` in each role; the slowest first. Raises LookupError for an
    address that nobody has said how to fill in."""
    # A request made inside a context of the app would share it with the next one, the person included.
    clients = [(person, place.app.test_client()) for person in (place.member, place.administrator, place.superuser)]
    with place.app.app_context():
        ways, engine = _ways(place, now), db.engine
        for person, client in clients:
            sign_in(client, person.id, now)
    addresses = [address for rule in _rules(place.app) for address in _addresses(place.app, rule, ways)]
    found = []
    with _counting(engine) as statements:
        for person, client in clients:
            found += [_cost(client, person, address, statements, times) for address in addresses]
    return sorted(found, key=lambda cost: cost.milliseconds, reverse=True)


def _rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(ELSEWHERE):
            yield rule


def _addresses(app: Flask, rule: Rule, ways: Ways) -> Iterator[str]:
    filled = [dict[str, Any]()]
    for argument in sorted(rule.arguments):
        if argument not in ways.arguments:
            raise LookupError(f"bench/pages.py does not know what {argument} of {rule.rule} could be")
        filled = [{**one, argument: value} for one in filled for value in ways.arguments[argument]]
    with app.test_request_context():
        for values in filled:
            path = app.url_for(rule.endpoint, **values)
            for query in ({}, *ways.queries.get(rule.endpoint, ())):
                yield f"{path}?{urlencode(query)}" if query else path


def _cost(client: FlaskClient, person: Person, address: str, statements: list[str], times: int) -> Cost:
    spent = []
    status = queries = 0
    for _ in range(times):
        statements.clear()
        before = process_time()
        answer = client.get(address)
        spent.append(process_time() - before)
        status, queries = answer.status_code, len(statements)
    if status >= 500:
        raise RuntimeError(f"{address} answers {status} to {person.name}")
    return Cost(person.role.value, address, status, queries, 1000 * median(spent))


class _counting:  # noqa: N801 - used as a function
    """The statements sent to the database while the block runs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self._statements

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            self._statements.append(statement)


def _ways(place: Installation, now: datetime) -> Ways:
    session = db.session()
    events = func.count(AuditEventRow.sequence)
    mine = (
        select(TokenRow)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(AuditEventRow, AuditEventRow.token_id == TokenRow.id)
        .where(ApplicationRow.owner_id == place.member.id, TokenRow.status == Status.ACTIVE)
        .group_by(TokenRow.id)
        .order_by(events.desc())
    )
    busiest = session.scalars(mine.limit(1)).one()
    full = session.scalars(
        select(TokenRow.application_id).group_by(TokenRow.application_id).order_by(func.count().desc())
    ).first()
    waiting, decided = (
        session.scalars(select(ApprovalRequestRow.id).where(ApprovalRequestRow.status == status)).first()
        for status in (RequestStatus.PENDING, RequestStatus.APPROVED)
    )
    last = session.scalar(select(func.max(AuditEventRow.sequence))) or 0
    return Ways(
        arguments={
            "application_id": [str(full), busiest.application_id],
            "token_id": [busiest.id],
            "request_id": [str(waiting), str(decided)],
            "user_id": [place.member.id],
            "name": [_most_held(session)],
            "incident_id": [_incident(place, busiest.id, now)],
            "part": ["scopes", "details", "expiry"],
        },
        queries={
            "applications.listing": [{"q": "application 1"}, {"after": "application 100~"}, {"sort": "-tokens"}],
            "applications.credentials": [{"sort": "-used", "status": "all"}, {"q": "token", "sort": "-risk"}],
            "people.listing": [{"q": "person 1"}, {"after": "person150@example.com~"}, {"sort": "-signed-in"}],
            "approvals.listing": [{"before": str(decided)}],
            "search.page": [{"q": "token 1"}, {"q": "x9Kf"}, {"q": "nothing is called this"}],
            "audit.page": _audit_queries(place, busiest, last, now),
        },
    )


def _most_held(session: Session) -> str:
    count = func.count()
    statement = select(TokenScope.scope_name).group_by(TokenScope.scope_name).order_by(count.desc()).limit(1)
    return session.scalars(statement).one()


def _incident(place: Installation, but: str, now: datetime) -> str:
    """Stops some tokens at once, as a superuser would."""
    some = select(TokenRow.id).where(TokenRow.status == Status.ACTIVE, TokenRow.id != but).limit(20)
    wanted = Wanted(Stop.DISABLE.value, db.session().scalars(some).all(), "The laptop was stolen")
    return stop_tokens(wanted, Actor(place.superuser.id, place.superuser.name), now).incident_id


def _audit_queries(place: Installation, token: TokenRow, last: int, now: datetime) -> Sequence[Mapping[str, str]]:
    filters: Sequence[Mapping[str, str]] = (
        {},
        {"actor": place.member.id},
        {"actor": place.member.name},
        {"action": "token.rotated"},
        {"application": token.application_id},
        {"token": token.id},
        {"since": f"{now - timedelta(days=300):%Y-%m-%d}", "until": f"{now - timedelta(days=20):%Y-%m-%d}"},
        {"actor": place.member.id, "action": "token.rotated"},
        {"action": "token.rotated", "application": token.application_id},
    )
    places: Sequence[Mapping[str, str]] = (
        {},
        {"before": str(max(1, last * 9 // 10))},
        {"before": str(max(1, last // 2))},
        {"before": str(max(1, last // 10))},
        {"after": str(max(1, last // 2))},
    )
    middle = {"before": str(max(1, last // 2))}
    return [*filters[1:], *places[1:], *({**chosen, **middle} for chosen in filters[1:])]

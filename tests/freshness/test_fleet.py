"""Nodes of a fleet: what one changes the others know from the answer on, and one round trip is enough (SPEC 12, 16)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import redis
from flask import Flask

from app.clock import FixedClock
from app.quota import generation
from app.quota.uses import SharedUses
from app.services.tokens.switch import disable_token, enable_token
from app.store.database import ANNOUNCE, transaction
from app.verification.verifier import Verifier
from app.verification.views import DOOR
from tests.cast import Cast
from tests.factories import actor
from tests.verification.conftest import SELF, MakeService, Office, Service, make_service, office, service
from tests.verification.test_restrictions import narrow

__all__ = ["MakeService", "make_service", "office", "service"]
pytestmark = [
    pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
]


@pytest.fixture
def environ(environ: dict[str, str], redis_url: str) -> dict[str, str]:
    return {**environ, "REDIS_URL": redis_url}


@pytest.fixture
def other(another_app: Callable[..., Flask], redis_url: str) -> Flask:
    """Another node."""
    return another_app(REDIS_URL=redis_url)


def uses_of(app: Flask) -> SharedUses:
    verifier: Verifier = app.extensions[DOOR].verifier
    assert isinstance(verifier.uses, SharedUses)
    return verifier.uses


@contextmanager
def counting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How often Redis and PostgreSQL are asked by verification meanwhile."""
    verifier: Verifier = app.extensions[DOOR].verifier
    seen = {"redis": 0, "postgresql": 0}

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def count(*arguments: Any) -> Any:
            seen[name] += 1
            return call(*arguments)

        return count

    with monkeypatch.context() as patched:
        line = uses_of(app)._line
        patched.setattr(line, "run", counted("redis", line.run))
        connections: Any = verifier.snapshots._reader
        patched.setattr(connections._connections, "rows", counted("postgresql", connections._connections.rows))
        yield seen


def test_where_nothing_changed_one_round_trip_is_all(
    app: Flask, service: Service, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    assert service.code(issued.key) == "VALID"

    with counting(app, monkeypatch) as seen:
        assert [service.code(issued.key) for _ in range(3)] == ["VALID"] * 3

    assert seen == {"redis": 3, "postgresql": 0}


def test_a_malformed_key_costs_no_round_trip(app: Flask, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.code("x")
    with counting(app, monkeypatch) as seen:
        response = service.post({"token": "x", "scopes": []}, headers={"Authorization": "Bearer x"})

    assert response.status_code == 401
    assert seen == {"redis": 0, "postgresql": 0}


def test_what_another_node_changed_is_seen_by_the_next_question(
    service: Service, office: Office, other: Flask, cast: Cast, clock: FixedClock
) -> None:
    issued = office.issue()
    for _ in range(3):
        assert service.code(issued.key) == "VALID"
        with other.app_context():
            disable_token(issued.token_id, "", actor(cast.linus), clock())
        assert service.code(issued.key) == "DISABLED"
        with other.app_context():
            enable_token(issued.token_id, "It is needed again", actor(cast.linus), clock())


def test_a_caller_that_another_node_switched_off_is_not_answered_any_more(
    service: Service, office: Office, other: Flask, cast: Cast, clock: FixedClock
) -> None:
    issued = office.issue()
    assert service.code(issued.key) == "VALID"
    with other.app_context():
        disable_token(service.token_id, "", actor(cast.linus), clock())

    assert service.post({"token": issued.key, "scopes": []}).status_code == 401


def test_a_key_that_was_unknown_is_known_once_another_node_issued_it(
    service: Service, office: Office, other: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain import keys  # noqa: PLC0415

    key = keys.make()
    assert service.code(key) == "UNKNOWN_TOKEN"
    monkeypatch.setattr(keys, "make", lambda: key)
    there = Office(other, office.cast, office.clock, office.numbers)
    there.issue()

    assert service.code(key) == "VALID"


def test_an_emptied_redis_is_taken_for_a_change(
    app: Flask, service: Service, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    assert service.code(issued.key) == "VALID"
    with redis.Redis.from_url(redis_url) as there:
        there.flushall()

    with counting(app, monkeypatch) as seen:
        assert service.code(issued.key) == "VALID"

    assert seen["postgresql"] == 1, "it is asked what has changed"


def test_another_redis_at_the_end_of_a_new_connection_is_not_taken_for_the_old_one(
    app: Flask, service: Service, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number is the same, as after a restore of an older copy; the connection is not."""
    issued = office.issue()
    assert service.code(issued.key) == "VALID"
    uses_of(app)._line.close()
    uses_of(app)._line._server = b"that ran before"

    with counting(app, monkeypatch) as seen:
        assert service.code(issued.key) == "VALID"

    assert seen["postgresql"] == 3, "what has changed, and both keys, as if nothing had been read yet"


def test_one_more_connection_to_the_same_redis_changes_nothing(
    app: Flask, service: Service, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, rate_limit="5/hour")
    assert service.ask(issued.key)["rate_limit"]["remaining"] == 4
    uses_of(app)._line.close()

    with counting(app, monkeypatch) as seen:
        assert service.ask(issued.key)["rate_limit"]["remaining"] == 3

    assert seen == {"redis": 1, "postgresql": 0}


def test_whoever_asks_about_themselves_has_nothing_read_again(
    app: Flask, service: Service, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is proven by the database, verifications by Redis: neither word ends what was read on the other's."""
    issued = office.issue()
    for _ in range(2):
        assert service.code(issued.key) == "VALID"
        assert service.client.get(SELF, headers={"Authorization": f"Bearer {issued.key}"}).status_code == 200

    with counting(app, monkeypatch) as seen:
        assert service.code(issued.key) == "VALID"
        service.client.get(SELF, headers={"Authorization": f"Bearer {issued.key}"})
        assert service.code(issued.key) == "VALID"

    assert seen["postgresql"] == 1, "the generation, for the one who asked about themselves"


def test_a_change_that_cannot_be_announced_is_done_and_announced_later(
    app: Flask, service: Service, office: Office, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    announcer = app.extensions[ANNOUNCE]
    with monkeypatch.context() as away:
        away.setattr(announcer, "_url", "redis://127.0.0.1:1/0")
        office.do(disable_token, issued.token_id, "")
        assert announcer.is_behind
    assert announcer._stopping.wait(0) is False

    for _ in range(100):
        if not announcer.is_behind:
            break
        announcer._stopping.wait(0.05)

    assert not announcer.is_behind
    assert service.code(issued.key) == "DISABLED"


def test_usage_and_sessions_announce_nothing(app: Flask, office: Office, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as there:
        before = there.get(generation.KEY)
        with app.app_context(), transaction():
            pass
        assert there.get(generation.KEY) == before
        office.issue()
        assert there.get(generation.KEY) != before


def test_without_redis_a_token_without_a_rate_is_answered_from_the_database(
    app: Flask, service: Service, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    assert service.code(issued.key) == "VALID"

    def away(*arguments: object) -> Sequence[object]:
        raise redis.ConnectionError

    monkeypatch.setattr(uses_of(app)._line, "_evaluated", away)
    assert service.code(issued.key) == "VALID"
    monkeypatch.setattr(app.extensions[ANNOUNCE], "_url", "redis://127.0.0.1:1/0")
    office.do(disable_token, issued.token_id, "")

    assert service.code(issued.key) == "DISABLED"

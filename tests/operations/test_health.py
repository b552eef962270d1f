"""`/healthz` and `/readyz`: whether a node lives, and whether it should be asked (SPEC 15 and 16)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.clock import FixedClock, system_clock
from app.operations import readiness
from app.quota.redis_clock import RedisClock
from app.store import schema

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHOLE = {"database": "ok", "schema": "ok", "limiter": "ok", "clock": "ok"}


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "HOLDS_SECONDS", -1.0)


def fall_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OperationalError("SELECT", None, Exception("hunter2"))

    monkeypatch.setattr(schema, "fault", fail)


def test_what_can_decide_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json) == (200, {"ready": True, "checks": WHOLE})
    assert response.headers["Cache-Control"] == "no-store"


@once
def test_without_its_database_a_node_lives_and_is_not_ready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fall_away(monkeypatch)

    response = client.get("/readyz")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.json is not None
    assert response.json["checks"] == {**WHOLE, "database": "the database does not answer", "schema": "not known"}
    assert client.get("/healthz").json == {"status": "alive"}
    assert "hunter2" not in response.text


@once
def test_a_schema_of_another_version_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "fault", lambda: "The database's schema is behind")

    response = client.get("/readyz")

    assert (response.status_code, response.json and response.json["checks"]["schema"]) == (
        503,
        "The database's schema is behind",
    )


@once
def test_without_redis_a_node_of_a_fleet_is_not_ready(another_app: Callable[..., Flask]) -> None:
    response = another_app(REDIS_URL="redis://127.0.0.1:1/0").test_client().get("/readyz")

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["checks"] == {**WHOLE, "limiter": "Redis does not answer", "clock": "not known"}


@once
@pytest.mark.parametrize(("apart", "status"), [(0.5, 200), (-0.5, 200), (1.5, 503), (-1.5, 503)])
def test_a_clock_more_than_a_second_from_redis_is_not_ready(
    another_app: Callable[..., Flask],
    clock: FixedClock,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    apart: float,
    status: int,
) -> None:
    monkeypatch.setattr(RedisClock, "now", lambda self: clock() + timedelta(seconds=apart))

    response = another_app(REDIS_URL=redis_url).test_client().get("/readyz")

    assert response.status_code == status


def test_redis_tells_its_time(redis_url: str) -> None:
    asked = RedisClock(redis_url)

    found = asked.now()

    asked.close()
    assert found is not None
    assert abs(system_clock() - found) < timedelta(seconds=1)


@once
def test_who_asks_often_is_answered_from_the_last_look(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "HOLDS_SECONDS", 60.0)
    assert client.get("/readyz").status_code == 200

    fall_away(monkeypatch)

    assert client.get("/readyz").status_code == 200

"""`flask postern serve`: a real process that answers, refuses with one line, and loses nothing when it is stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cli import listening
from app.domain import keys
from app.store.database import db
from app.store.queries import usage
from tests.cast import Cast
from tests.conftest import SECRETS
from tests.databases import on_sqlite
from tests.real.postern import ROOT, PosternServer, postern_server
from tests.verification.conftest import MakeService, Office, make_service, office

# How it is served does not depend on the database; one test is for the other.
database_url = on_sqlite

__all__ = ["make_service", "office"]

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Refused = Callable[..., str]


def get(url: str, key: str = "", body: object = None) -> dict[str, Any]:
    """What the server answers, whatever the status."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))


@pytest.fixture
def server(request: pytest.FixtureRequest, environ: dict[str, str], tmp_path: Path) -> Iterator[PosternServer]:
    """Started as a user starts it."""
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
    with postern_server(environ, tmp_path) as running:
        yield running


@pytest.fixture
def stopped(environ: dict[str, str], tmp_path: Path) -> PosternServer:
    """A server that was not started."""
    return PosternServer(environ, tmp_path)


@pytest.fixture
def refused(stopped: PosternServer) -> Refused:
    """Try to serve with these settings; what it says instead."""
    usual = stopped.environ

    def serve(**environ: str) -> str:
        stopped.environ = usual | environ
        result = stopped.flask("postern", "serve")
        assert (result.returncode, result.stdout) == (1, ""), result.stdout
        return result.stderr

    return serve


def assert_one_line(said: str, *words: str) -> None:
    assert said.count("\n") == 1, said
    assert all(word in said for word in words), said


@once
def test_a_first_start_fills_in_the_example_and_the_last_line_says_where_it_is(server: PosternServer) -> None:
    first = server.output.splitlines()
    server.stop()
    server.start()

    assert [line.partition(" ")[0] for line in first[:3]] == ["superuser", "administrator", "member"]
    assert first[-1] == f"Postern is at {server.url}"
    assert server.output.splitlines()[len(first) :] == [first[-1]]


def test_it_answers_over_http(cast: Cast, office: Office, make_service: MakeService, server: PosternServer) -> None:
    service, issued = make_service(), office.issue()

    answer = get(f"{server.url}/api/v1/verify", service.key, {"token": issued.key, "scopes": ["invoice:read"]})

    assert (answer["valid"], answer["token_id"]) == (True, issued.token_id)
    assert get(f"{server.url}/api/v1/nothing")["code"] == "not_found"


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_loses_no_count_and_makes_no_noise(
    app: Flask, office: Office, make_service: MakeService, server: PosternServer, stop: signal.Signals
) -> None:
    service, issued = make_service(), office.issue()
    said = server.output
    for _ in range(5):
        get(f"{server.url}/api/v1/verify", service.key, {"token": issued.key, "scopes": []})

    process = server._process
    assert process is not None
    # Ctrl-C reaches the whole group; a service manager tells the first process only.
    if stop is signal.SIGINT:
        os.killpg(process.pid, stop)
    else:
        process.send_signal(stop)

    assert process.wait(timeout=20) == 0
    assert server.output == said
    with app.app_context():
        (count,) = usage.hourly(db.session(), issued.token_id, LONG_AGO)
        assert count.count == 5


@once
def test_a_worker_does_not_outlive_the_process_that_started_it(cast: Cast, server: PosternServer) -> None:
    process = server._process
    assert process is not None
    process.kill()
    process.wait()

    deadline = time.monotonic() + 20
    while not listening.can_bind("127.0.0.1", server.port) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert listening.can_bind("127.0.0.1", server.port)


@once
def test_no_key_is_in_any_log(office: Office, make_service: MakeService, server: PosternServer) -> None:
    service, issued = make_service(), office.issue()
    for path in ("/api/v1/verify", f"/api/v1/self?key={issued.key}", f"/{issued.key}", f"/tokens/{issued.key}"):
        for body in ({"token": issued.key, "scopes": []}, {issued.key: issued.key}, None):
            try:
                get(f"{server.url}{path}", service.key, body)
            except ValueError:
                continue  # a page
    server.stop()

    assert not keys.occurs_in(server.output)


def test_a_taken_port_is_one_line_with_the_remedy(cast: Cast, refused: Refused, stopped: PosternServer) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", stopped.port))
        other.listen()
        assert_one_line(refused(), str(stopped.port), "PORT=")


@once
def test_a_second_server_on_the_same_folder_would_count_apart(
    cast: Cast, refused: Refused, server: PosternServer
) -> None:
    assert_one_line(refused(), "Another Postern", "REDIS_URL")


@once
def test_several_processes_need_shared_counters(cast: Cast, refused: Refused) -> None:
    assert "REDIS_URL" in refused(WORKERS="2")


@once
def test_all_faults_of_the_settings_are_told_together(cast: Cast, refused: Refused) -> None:
    said = refused(PORT="x", THREADS="0", TRUSTED_PROXIES="10.0.0.1/8", SESSION_SECRET="short")

    assert all(name in said for name in ("PORT", "THREADS", "TRUSTED_PROXIES", "SESSION_SECRET"))
    assert "Traceback" not in said


def test_another_secret_than_the_one_the_rows_were_made_under_is_noticed(cast: Cast, refused: Refused) -> None:
    assert_one_line(refused(CHAIN_SECRET=SECRETS["SESSION_SECRET"]), "chain")
    assert_one_line(refused(KEY_SECRETS="1:" + SECRETS["SESSION_SECRET"]), "key")


def test_a_newer_schema_is_left_alone(cast: Cast, app: Flask, refused: Refused) -> None:
    execute(app, "UPDATE alembic_version SET version_num = 'later'")

    assert_one_line(refused(), "ahead")


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_an_older_schema_is_migrated_by_hand_where_there_can_be_several_nodes(
    cast: Cast, app: Flask, refused: Refused
) -> None:
    execute(app, "UPDATE alembic_version SET version_num = '0002'")

    assert_one_line(refused(), "behind", "flask postern migrate")


def test_without_its_triggers_the_audit_log_is_not_served(cast: Cast, app: Flask, refused: Refused) -> None:
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
    trigger = "audit_event_no_update" if is_sqlite else "audit_event_no_change ON audit_event"
    execute(app, f"DROP TRIGGER {trigger}")

    assert_one_line(refused(), "trigger")


@once
def test_printed_passwords_are_not_served_to_the_network(refused: Refused, server: PosternServer) -> None:
    server.stop()

    assert_one_line(refused(HOST="0.0.0.0"), "flask example remove")


@once
def test_a_folder_that_cannot_be_used_is_one_line(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert_one_line(refused(POSTERN_HOME=str(tmp_path / "file")), "POSTERN_HOME")


def test_another_wsgi_server_refuses_as_well(cast: Cast, app: Flask, stopped: PosternServer) -> None:
    execute(app, "UPDATE alembic_version SET version_num = 'later'")

    imported = subprocess.run(
        (sys.executable, "-c", "import wsgi"),
        env=stopped.environ,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (imported.returncode, imported.stdout) == (1, "")
    assert_one_line(imported.stderr, "ahead")


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)

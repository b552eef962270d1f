"""When Postern cannot decide it says so, which callers take as a refusal."""

import logging
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.store.reading.reader import Unavailable
from app.store.reading.sqlite import SqliteReader
from app.store.snapshots import FACTS, Snapshots
from tests.verification.conftest import REVOKE, SELF, Office, Service
from tests.verification.test_bodies import assert_problem, once

FAULTS = [
    Unavailable("gone"),
    OperationalError("SELECT", None, Exception("gone")),
    RuntimeError("ours"),
    RecursionError(),
]
pytestmark = once


@pytest.fixture(params=FAULTS, ids=lambda fault: type(fault).__name__)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(snapshots: Snapshots, digests: object) -> None:
        raise request.param

    monkeypatch.setattr(Snapshots, "at", fail)


def test_without_the_facts_there_is_no_answer(
    service: Service, office: Office, broken: None, caplog: pytest.LogCaptureFixture
) -> None:
    key = office.issue().key
    headers = {"Authorization": f"Bearer {key}"}
    with caplog.at_level(logging.DEBUG):
        responses = [
            service.post({"token": key, "scopes": []}),
            service.client.get(SELF, headers=headers),
            service.client.post(REVOKE, headers=headers),
        ]

    for response in responses:
        assert_problem(response, 503, "unavailable")
        assert response.headers["Retry-After"] == "1"
    assert key not in caplog.text
    assert service.key not in caplog.text


def test_what_needs_no_facts_is_answered_all_the_same(service: Service, broken: None) -> None:
    assert_problem(service.post("x", content_type="text/plain"), 415, "unsupported_media_type")
    assert_problem(service.post("x", headers={"Authorization": "Bearer x"}), 401, "CALLER_UNKNOWN_TOKEN")


def test_the_reader_can_only_read(settings: Settings) -> None:
    reader = SqliteReader(settings.database_url, FACTS)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._thread().connection.execute("UPDATE token SET status = 'active'")
    reader.close()

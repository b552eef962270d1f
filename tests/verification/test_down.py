"""When Postern cannot decide it says so, which callers take as a refusal."""

import logging

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store.snapshots import Snapshots
from app.verification.verifier import Verifier
from tests.verification.conftest import REVOKE, SELF, Office, Service
from tests.verification.test_bodies import assert_problem, once

FAULTS = [OperationalError("SELECT", None, Exception("gone")), PoolTimeout(), RuntimeError("ours"), RecursionError()]
pytestmark = once


@pytest.fixture(params=FAULTS, ids=lambda fault: type(fault).__name__)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(snapshots: Snapshots, digests: object) -> None:
        raise request.param

    monkeypatch.setattr(Snapshots, "_read", fail)


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


def test_a_connection_that_was_cut_is_made_anew(
    service: Service, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, read, cuts = office.issue().key, Snapshots._read, iter([True])

    def cut_once(snapshots: Snapshots, digests: list[str]) -> object:
        if next(cuts, False):
            raise DBAPIError("SELECT", None, Exception(), connection_invalidated=True)
        return read(snapshots, digests)

    monkeypatch.setattr(Snapshots, "_read", cut_once)

    assert service.code(key) == "VALID"


def test_the_reader_can_only_read(verifier: Verifier, service: Service) -> None:
    with verifier.snapshots.engine.connect() as connection, pytest.raises(OperationalError):
        connection.exec_driver_sql("UPDATE token SET status = 'active'")

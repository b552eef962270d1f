"""`/metrics`: what Prometheus reads, for whoever has the token, and never a token's id."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.services.emergency import activate_emergency_access
from app.verification.measures import Measures
from app.verification.views import DOOR
from tests.verification.conftest import Office, Service, make_service, office, service

__all__ = ["make_service", "office", "service"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOKEN = "0123456789abcdefghijklmnopqrstuv"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+)="([^"]*)"\})? (\S+)')


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return {**environ, "METRICS_TOKEN": TOKEN}


def samples(client: FlaskClient) -> dict[str, float]:
    """Every sample by its name and label, with each line seen to be one that Prometheus can read."""
    response = client.get("/metrics", headers=AUTHORIZED)
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in response.text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP \w+ .+|TYPE \w+ (counter|gauge|histogram))", line), line
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        found[match[1] + (f"[{match[3]}]" if match[3] else "")] = float(match[4])
    return found


def test_verifications_are_counted_by_code_and_by_time(client: FlaskClient, service: Service, office: Office) -> None:
    issued = office.issue()
    service.ask(issued.key)
    service.ask(issued.key)
    service.ask(issued.key, scopes=["payout:create"])
    service.post("{")
    service.post("{}", headers={"Authorization": "Bearer x"})

    found = samples(client)

    assert found["postern_verifications_total[VALID]"] == 2
    assert found["postern_verifications_total[INSUFFICIENT_SCOPE]"] == 1
    assert found["postern_verifications_total[malformed]"] == 1
    assert found["postern_verifications_total[CALLER_UNKNOWN_TOKEN]"] == 1
    assert found["postern_verification_seconds_bucket[+Inf]"] == found["postern_verification_seconds_count"] == 5
    assert 0 < found["postern_verification_seconds_sum"] < 5
    buckets = [value for name, value in found.items() if "_bucket" in name]
    assert buckets == sorted(buckets)


def test_what_waits_is_open_and_ends_is_told(
    client: FlaskClient, office: Office, clock: FixedClock, app: Flask
) -> None:
    issued = office.issue()
    office.issue(office.cast.high, approved=False)
    reason = "The network of the office is down"
    office.do(activate_emergency_access, issued.token_id, "1", reason, by=office.cast.ada)
    clock.advance(timedelta(minutes=59))

    found = samples(client)

    assert found["postern_approvals_pending"] == found["postern_emergency_windows_open"] == 1
    assert 0 < found["postern_token_expiry_seconds"] < timedelta(days=31).total_seconds()
    assert found["postern_usage_dropped_total"] == 0

    clock.advance(timedelta(days=40))
    later = samples(client)
    assert later["postern_approvals_pending"] == later["postern_emergency_windows_open"] == 0
    assert "postern_token_expiry_seconds" not in later


def test_no_label_names_a_token(client: FlaskClient, service: Service, office: Office) -> None:
    service.ask(office.issue().key)

    text = client.get("/metrics", headers=AUTHORIZED).text

    assert not re.search("(tok|app|usr|key|req|evt|pst)_[0-9A-Za-z]", text)
    assert set(re.findall(r"\{([a-z]+)=", text)) == {"code", "le"}


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"])
def test_without_the_token_nothing_is_told(client: FlaskClient, said: str) -> None:
    response = client.get("/metrics", headers={"Authorization": said.encode().decode("latin-1")})

    assert response.status_code == 401
    assert "postern_" not in response.text


def test_where_no_token_is_set_there_is_nothing(another_app: Callable[..., Flask]) -> None:
    client = another_app(METRICS_TOKEN="").test_client()

    assert client.get("/metrics", headers=AUTHORIZED).status_code == 404


def test_the_server_shares_what_it_counts(app: Flask, tmp_path: Path) -> None:
    kept: Measures = app.extensions[DOOR].verifier.measures

    kept.share()

    assert (tmp_path / "home" / "measures" / "0").exists()

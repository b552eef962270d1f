"""A full disk under a SQLite file: questions are answered, changes refused whole, and it goes on once there is room.

The disk is full for the server alone: no file that it writes to may grow, or be written to at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from app.store import audit_chain
from app.store.database import db
from app.store.tables import AuditEventRow, TokenRow, UsageHourRow
from tests.cast import Cast
from tests.freshness.trouble import workers
from tests.outage.node import (
    LATE_SECONDS,
    USAGE_WITHIN_SECONDS,
    Node,
    signed_in,
    within,
)
from tests.real.postern import PosternServer
from tests.verification.conftest import MakeService, Office, make_service, office

__all__ = ["make_service", "office"]
TYPED = "It answers nothing and nobody knows why"


@contextmanager
def full_disk(server: PosternServer) -> Iterator[None]:
    """No worker can write to any file while the block runs."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    for worker in workers(server):
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, unlimited[1]))
    try:
        yield
    finally:
        for worker in workers(server):
            resource.prlimit(worker, resource.RLIMIT_FSIZE, unlimited)


def stored(office: Office, token_id: str) -> tuple[str, int]:
    with office.app.app_context():
        assert audit_chain.first_break(db.session()) is None
        events = db.session.scalars(select(func.count()).select_from(AuditEventRow)).one()
        return db.session.get_one(TokenRow, token_id).status.value, events


def counted(office: Office, token_id: str) -> int:
    with office.app.app_context():
        total = select(func.coalesce(func.sum(UsageHourRow.count), 0)).where(UsageHourRow.token_id == token_id)
        return int(db.session.scalars(total).one())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_a_full_disk_it_decides_and_changes_nothing_and_goes_on_once_there_is_room(
    cast: Cast, office: Office, make_service: MakeService, server: PosternServer
) -> None:
    issued, node = office.issue(), Node(server, make_service().key, signed_in(office))
    address = f"/tokens/{issued.token_id}"
    token, before = node.form_token(address), stored(office, issued.token_id)

    with full_disk(server):
        for _ in range(3):
            assert node.verify(issued).json["code"] == "VALID"
        assert node.get(address).status == 200
        lost = node.post(f"{address}/disable", csrf_token=token, reason=TYPED)
        assert lost.status == 503
        assert "database fails" in lost.text
        assert TYPED in lost.text
        assert "Send again" in lost.text
        assert lost.headers["X-Request-Id"] in lost.text
        assert lost.seconds < LATE_SECONDS
        assert node.not_ready_for() == {}
    assert stored(office, issued.token_id) == before

    assert within(USAGE_WITHIN_SECONDS + LATE_SECONDS, lambda: counted(office, issued.token_id) == 3)
    assert node.post(f"{address}/disable", csrf_token=token, reason=TYPED).status == 303
    assert node.verify(issued).json["code"] == "DISABLED"

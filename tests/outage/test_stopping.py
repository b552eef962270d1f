"""A server that is killed under load loses a second of usage and nothing else; one that is stopped loses nothing."""

from collections.abc import Callable, Sequence
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from app.store import audit_chain
from app.store.database import db
from app.store.tables import TokenRow, UsageHourRow
from tests.cast import Cast
from tests.freshness.asking import Told
from tests.freshness.clients import Clients
from tests.outage.node import PATIENCE_SECONDS, within
from tests.real.postern import PosternServer
from tests.verification.conftest import MakeService, Office, make_service, office

__all__ = ["make_service", "office"]
CLIENTS = 64
# So much usage may be lost where a process is killed (SPEC 13).
LOST_SECONDS = 1.0
WARM_SECONDS = 3.6
AskUntil = Callable[[Callable[[], object]], Sequence[Told]]


@pytest.fixture
def ask_until(cast: Cast, office: Office, make_service: MakeService, server: PosternServer) -> AskUntil:
    """Ask until `ends` has ended the server, and before that for a while in which usage is written; what was told."""
    caller, keys = make_service().key, [office.issue().key for _ in range(3)]

    def ask(ends: Callable[[], object]) -> Sequence[Told]:
        clients, before = Clients(server.port, caller, keys), written(office)
        with clients.asking(CLIENTS):
            assert within(PATIENCE_SECONDS, lambda: written(office) > before)
            sleep(WARM_SECONDS)
            ends()
        return list(clients.told)

    return ask


def written(office: Office) -> int:
    """How many accepted uses of the tokens of Billing are stored."""
    tokens = select(TokenRow.id).where(TokenRow.application_id == office.cast.billing)
    with office.app.app_context():
        total = select(func.coalesce(func.sum(UsageHourRow.count), 0)).where(UsageHourRow.token_id.in_(tokens))
        return int(db.session.scalars(total).one())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_kill_loses_a_second_of_usage_and_a_stop_loses_nothing(
    ask_until: AskUntil, office: Office, server: PosternServer
) -> None:
    told = ask_until(server.kill)
    killed = max(one.answered for one in told)
    accepted = [one for one in told if one.code == "VALID"]
    early = sum(one.answered < killed - LOST_SECONDS for one in accepted)
    after_kill = written(office)
    with office.app.app_context():
        assert audit_chain.first_break(db.session()) is None
    # What was decided and could not be answered any more is counted as well.
    assert early <= after_kill <= len(told)
    assert early > 0

    server.start()
    started = monotonic()
    told = ask_until(server.stop)
    assert monotonic() - started < 60
    assert {one.code for one in told} == {"VALID"}, "every question that was taken is answered"
    assert written(office) - after_kill == len(told), "and counted, once"

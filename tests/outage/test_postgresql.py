"""PostgreSQL refused, hanging, cutting, read-only or full: what a node of a fleet answers, and afterwards."""

from collections.abc import Callable, Iterator
from time import sleep

import psycopg
import pytest
from sqlalchemy import func, select

from app.services.tokens.issue import Issued
from app.store import patience
from app.store.database import db
from app.store.reading import connections
from app.store.tables import AuditEventRow, TokenRow, UsageHourRow
from tests.outage.conftest import Site
from tests.outage.node import LATE_SECONDS, RECOVERS_WITHIN_SECONDS, USAGE_WITHIN_SECONDS, Reply, within
from tests.real.gate import Gate
from tests.real.postgresql import PostgreSQL

TYPED = "It answers nothing and nobody knows why"
pytestmark = pytest.mark.usefixtures("mended")
FAULTS: dict[str, Callable[[Gate], None]] = {"refused": Gate.refuse, "hanging": Gate.hang, "cutting": Gate.cut}


def assert_unavailable(page: Reply, *, seconds: float, says: str = "Postern cannot reach its database") -> None:
    """A page of its own that says what happened, names the request, and holds up nobody for long."""
    assert page.status == 503
    assert page.headers["Content-Type"].startswith("text/html")
    assert says in page.text.replace("&#39;", "'")
    assert page.headers["X-Request-Id"] in page.text
    assert page.seconds < seconds + LATE_SECONDS


def stored(site: Site, issued: Issued) -> tuple[str, int]:
    """The token's status and how many events there are."""
    with site.office.app.app_context():
        status = db.session.get_one(TokenRow, issued.token_id).status.value
        return status, db.session.scalars(select(func.count()).select_from(AuditEventRow)).one()


def counted(site: Site, issued: Issued) -> int:
    """How many uses of the token are written."""
    with site.office.app.app_context():
        total = select(func.coalesce(func.sum(UsageHourRow.count), 0)).where(UsageHourRow.token_id == issued.token_id)
        return int(db.session.scalars(total).one())


@pytest.mark.parametrize("name", FAULTS)
def test_without_postgresql_nothing_is_decided_that_needs_it_and_it_is_back_at_once(site: Site, name: str) -> None:
    token, unseen, asked = site.form_token(f"/tokens/{site.free.token_id}"), site.office.issue(), site.office.issue()
    site.accepted(asked)
    before = stored(site, site.free)
    FAULTS[name](site.postgresql)

    # Twice: the first may have waited, the second knows.
    for _ in range(2):
        refused = site.verify(unseen)
        assert (refused.status, refused.json["code"]) == (503, "unavailable")
        assert refused.headers["Retry-After"] == "1"
        assert refused.seconds < connections.PATIENCE_SECONDS + LATE_SECONDS
    # What was read before and proves to be fresh needs no database.
    site.accepted(asked)
    assert_unavailable(site.get("/"), seconds=2 * patience.PATIENCE_SECONDS)
    lost = site.post(f"/tokens/{site.free.token_id}/disable", csrf_token=token, reason=TYPED)
    assert_unavailable(lost, seconds=2 * patience.PATIENCE_SECONDS)
    assert TYPED in lost.text
    assert "Send again" in lost.text
    assert within(RECOVERS_WITHIN_SECONDS, lambda: "database" in site.not_ready_for())
    assert site.get("/healthz").status == 200

    site.postgresql.open()
    assert within(RECOVERS_WITHIN_SECONDS, lambda: site.verify(unseen).status == 200)
    assert within(RECOVERS_WITHIN_SECONDS, lambda: site.get("/").status == 200)
    assert within(RECOVERS_WITHIN_SECONDS, lambda: not site.not_ready_for())
    assert within(USAGE_WITHIN_SECONDS + LATE_SECONDS, lambda: counted(site, asked) == 2)
    assert stored(site, site.free) == before, "nothing of it was done"


@pytest.fixture
def read_only(site: Site, postgres: PostgreSQL) -> Iterator[Callable[[], None]]:
    """Make the server take no changes, as during a failover."""
    if postgres.service is None:
        pytest.skip("PostgreSQL: this one is not ours to make read-only")
    address = postgres.maintenance.set(drivername="postgresql").render_as_string(hide_password=False)

    def told(statement: str) -> None:
        with psycopg.connect(address, autocommit=True, options="-c default_transaction_read_only=off") as connection:
            connection.execute(statement)
            connection.execute("SELECT pg_reload_conf()")

    yield lambda: told("ALTER SYSTEM SET default_transaction_read_only = on")
    told("ALTER SYSTEM RESET default_transaction_read_only")
    assert within(RECOVERS_WITHIN_SECONDS, lambda: _can_change(site))


def _can_change(site: Site) -> bool:
    token = site.form_token(f"/tokens/{site.free.token_id}")
    return site.post(f"/tokens/{site.free.token_id}/enable", csrf_token=token, reason=TYPED).status != 503


def test_a_read_only_postgresql_decides_and_changes_nothing(site: Site, read_only: Callable[[], None]) -> None:
    token, unseen, before = (
        site.form_token(f"/tokens/{site.free.token_id}"),
        site.office.issue(),
        stored(site, site.free),
    )
    read_only()

    def refused() -> Reply:
        return site.post(f"/tokens/{site.free.token_id}/disable", csrf_token=token, reason=TYPED)

    # It takes a moment until every connection has heard.
    assert within(RECOVERS_WITHIN_SECONDS, lambda: refused().status == 503)
    lost = refused()
    assert_unavailable(lost, seconds=patience.PATIENCE_SECONDS, says="Postern's database takes no changes now")
    assert TYPED in lost.text
    assert site.verify(unseen).json["code"] == "VALID"
    assert site.get(f"/tokens/{site.free.token_id}").status == 200
    assert stored(site, site.free) == before


@pytest.fixture
def full(site: Site) -> Iterator[Callable[[bool], None]]:
    """Leave PostgreSQL no room for one row more, of events as of usage, or make room again."""
    tables = [table.__tablename__ for table in (AuditEventRow, UsageHourRow)]
    says = "RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device'"
    function = f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {says}; END $$"
    triggers = [f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()" for table in tables]

    def told(is_full: bool) -> None:
        with site.office.app.app_context(), db.engine.begin() as connection:
            for statement in ("DROP FUNCTION IF EXISTS no_room CASCADE", *((function, *triggers) if is_full else ())):
                connection.exec_driver_sql(statement)

    yield told
    told(False)


def test_a_postgresql_without_room_decides_and_changes_nothing_and_goes_on_once_there_is_some(
    site: Site, full: Callable[[bool], None]
) -> None:
    asked = site.office.issue()
    page = f"/tokens/{asked.token_id}"
    token, before = site.form_token(page), stored(site, asked)
    full(True)

    for _ in range(3):
        site.accepted(asked)
    lost = site.post(f"{page}/disable", csrf_token=token, reason=TYPED)
    assert_unavailable(lost, seconds=0, says="Postern cannot write to its database")
    assert TYPED in lost.text
    assert "Send again" in lost.text
    assert site.get(page).status == 200
    assert stored(site, asked) == before
    # Longer than usage ever waits to be written.
    sleep(USAGE_WITHIN_SECONDS)
    assert counted(site, asked) == 0

    full(False)
    assert within(USAGE_WITHIN_SECONDS + LATE_SECONDS, lambda: counted(site, asked) == 3)
    assert site.post(f"{page}/disable", csrf_token=token, reason=TYPED).status == 303
    assert site.verify(asked).json["code"] == "DISABLED"

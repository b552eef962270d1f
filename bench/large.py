"""The rows of SPEC 17 that are about a large installation: pages, and the audit log."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from app.clock import system_clock
from app.store import audit_chain
from app.store.database import db
from bench import crowd, pages
from bench.crowd import Size
from bench.installation import installation
from bench.pages import Cost
from bench.results import Result, at_most

QUERIES, MILLISECONDS, ANYWHERE, CHECK_SECONDS = 12, 100, 1.5, 60
OK = 200


def measure(folder: Path, size: Size, database_url: str = "") -> tuple[Sequence[Result], Sequence[Cost]]:
    """Fill an installation in this folder and open every page of it; the rows, and what each page cost."""
    with installation(folder, database_url) as place:
        crowd.fill(place, size, system_clock())
        costs = pages.costs(place, system_clock())
        with place.app.app_context():
            before = process_time()
            fault = audit_chain.first_break(db.session())
            spent = process_time() - before
    if fault is not None:
        raise RuntimeError(f"the events of the benchmark do not hold together: {fault}")
    checked = at_most(f"flask audit verify of {size.events:,} events: CPU seconds", spent, CHECK_SECONDS)
    return [*rows(costs), checked], costs


def rows(costs: Sequence[Cost]) -> Iterator[Result]:
    """What the costs of pages say of the table."""
    slowest = max(costs, key=lambda cost: cost.milliseconds)
    busiest = max(costs, key=lambda cost: cost.queries)
    yield at_most(f"slowest page ({slowest.address}, {slowest.who}): CPU ms", slowest.milliseconds, MILLISECONDS)
    yield at_most(f"page with most queries ({busiest.address}, {busiest.who})", busiest.queries, QUERIES)
    yield at_most("audit page anywhere, x the first page", _anywhere(costs), ANYWHERE)


def _anywhere(costs: Sequence[Cost]) -> float:
    """The dearest page of the audit log in times of the first, without a filter."""
    opened = [cost for cost in costs if cost.address.startswith("/audit") and cost.status == OK]
    first = max(cost.milliseconds for cost in opened if cost.address == "/audit")
    return max(cost.milliseconds for cost in opened) / first

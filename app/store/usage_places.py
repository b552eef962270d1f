"""Where tokens are accepted from, by day, written in batches."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.usage import DAYS_KEPT, OTHERS, PLACES_KEPT, Tally
from app.store.tables import UsagePlaceRow
from app.store.upsert import inserting, many, table_of


def write(session: Session, tallies: Sequence[Tally]) -> None:
    """Add what was accepted. Of each token and day the addresses used most are kept, of each token 30 days."""
    days = {day for tally in tallies for day, _ in tally.places}
    if not days:
        return
    tokens = [tally.token_id for tally in tallies]
    _add(
        session,
        [(tally.token_id, day, address, count) for tally in tallies for (day, address), count in tally.places.items()],
    )
    places = table_of(UsagePlaceRow).c
    _fold(session, tokens, days)
    old = max(days) - timedelta(days=DAYS_KEPT)
    session.execute(delete(table_of(UsagePlaceRow)).where(places.token_id.in_(tokens), places.day < old))


def _add(session: Session, places: Iterable[tuple[str, date, str, int]]) -> None:
    insert = inserting(session, UsagePlaceRow)
    count = table_of(UsagePlaceRow).c.count + insert.excluded.count
    statement = insert.on_conflict_do_update(index_elements=["token_id", "day", "address"], set_={"count": count})
    names = ("token_id", "day", "address", "count")
    many(session, statement, [dict(zip(names, place, strict=True)) for place in places])


def _fold(session: Session, token_ids: Sequence[str], days: Iterable[date]) -> None:
    """Keep the addresses that each of these tokens is used from most on a day; count the rest as others."""
    table = table_of(UsagePlaceRow)
    place = func.row_number().over(
        partition_by=(table.c.token_id, table.c.day), order_by=(table.c.count.desc(), table.c.address)
    )
    ranked = (
        select(table.c.token_id, table.c.day, table.c.address, place.label("place"))
        .where(table.c.token_id.in_(token_ids), table.c.day.in_(list(days)), table.c.address != OTHERS)
        .subquery()
    )
    beyond = session.execute(select(ranked).where(ranked.c.place > PLACES_KEPT)).all()
    folded: Counter[tuple[str, date]] = Counter()
    for row in beyond:
        one = (table.c.token_id == row.token_id, table.c.day == row.day, table.c.address == row.address)
        # What it counts by now, and nothing where another process was first.
        folded[row.token_id, row.day] += session.scalar(delete(table).where(*one).returning(table.c.count)) or 0
    _add(session, [(token_id, day, OTHERS, count) for (token_id, day), count in folded.items()])

"""Where tokens are accepted from, by day, written in batches."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.usage import DAYS_KEPT, OTHERS, PLACES_KEPT
from app.store.tables import UsagePlaceRow
from app.store.upsert import Upsert, added, table_of

_KEY = ("token_id", "day", "address")
_PLACES = Upsert(UsagePlaceRow, (*_KEY, "count"), added(UsagePlaceRow, _KEY))


def write(session: Session, accepted: Mapping[tuple[str, date, str], int], crowded: Collection[str]) -> None:
    """Add what was accepted, by token, day and address. Of each token and day the addresses used most are kept, of each
    token 30 days: tidied up where it may be `crowded`."""
    _PLACES.write(session, [(*place, count) for place, count in accepted.items()])
    days = {day for token_id, day, _ in accepted if token_id in crowded}
    if not days:
        return
    places = table_of(UsagePlaceRow).c
    _fold(session, crowded, days)
    old = max(days) - timedelta(days=DAYS_KEPT)
    session.execute(delete(table_of(UsagePlaceRow)).where(places.token_id.in_(crowded), places.day < old))


def _fold(session: Session, token_ids: Collection[str], days: Iterable[date]) -> None:
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
    _PLACES.write(session, [(token_id, day, OTHERS, count) for (token_id, day), count in folded.items()])

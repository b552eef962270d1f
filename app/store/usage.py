"""Usage, written in batches. Nothing here is needed to decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.usage import REFUSALS_KEPT, Tally, Use
from app.store import usage_places
from app.store.tables import (
    EmergencyUseRow,
    KeyRow,
    KeyUsageRow,
    RefusalRow,
    ScopeUsageRow,
    UsageDropRow,
    UsageHourRow,
)
from app.store.upsert import Insert, Upsert, added, table_of


def _if_newer(insert: Insert) -> Insert:
    newer = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["key_id"],
        set_={name: newer[name] for name in ("used_at", "address", "caller_token_id")},
        # Another process may have written a later use already.
        where=table_of(KeyUsageRow).c.used_at <= newer.used_at,
    )


def _if_later(insert: Insert) -> Insert:
    return insert.on_conflict_do_update(
        index_elements=["token_id", "scope_name"],
        set_={"asked_at": insert.excluded.asked_at},
        where=table_of(ScopeUsageRow).c.asked_at < insert.excluded.asked_at,
    )


_LAST_USES = Upsert(KeyUsageRow, ("key_id", "token_id", "used_at", "address", "caller_token_id"), _if_newer)
_COUNTS = Upsert(UsageHourRow, ("token_id", "hour", "code", "count"), added(UsageHourRow, ("token_id", "hour", "code")))
_ASKED = Upsert(ScopeUsageRow, ("token_id", "scope_name", "asked_at"), _if_later)
_REFUSALS = Upsert(RefusalRow, ("token_id", "at", "request_id", "caller_token_id", "address", "code"))
_PASSED = Upsert(EmergencyUseRow, ("window_id", "token_id", "count"), added(EmergencyUseRow, ("window_id",)))
_DROPS = Upsert(UsageDropRow, ("hour", "count"), added(UsageDropRow, ("hour",)))


class Crowded(NamedTuple):
    """The tokens of which more may be stored than is kept, once a tally is written: of the places they are accepted
    from, and of their refusals."""

    places: Collection[str]
    refusals: Collection[str]


def write(session: Session, tally: Tally, crowded: Crowded) -> list[Use]:
    """Add the tally to what is stored; tokens that are gone are left out. Returns the first use of each rotated key
    that no event tells of yet."""
    last = ((key_id, use.token_id, at, use.address, use.caller_token_id) for key_id, (at, use) in tally.last.items())
    _LAST_USES.write(session, list(last))
    _COUNTS.write(session, [(token_id, hour, code.value, n) for (token_id, hour, code), n in tally.counts.items()])
    _ASKED.write(session, [(*asked, hour) for asked, hour in tally.asked.items()])
    _write_refusals(session, tally)
    _trim(session, crowded.refusals)
    _PASSED.write(session, [(*passed, times) for passed, times in tally.passed.items()])
    usage_places.write(session, tally.places, crowded.places)
    return _untold(session, list(tally.late.values()))


def write_drops(session: Session, dropped: Mapping[datetime, int]) -> None:
    """Add how many uses were not counted, by hour."""
    _DROPS.write(session, list(dropped.items()))


def _write_refusals(session: Session, tally: Tally) -> None:
    refusals = [
        (use.token_id, use.at, use.request_id, use.caller_token_id, use.address, use.code.value)
        for uses in tally.refusals.values()
        for use in uses
    ]
    _REFUSALS.write(session, refusals)


def _trim(session: Session, token_ids: Collection[str]) -> None:
    """Keep the last 100 refusals of each of these tokens."""
    if not token_ids:
        return
    place = func.row_number().over(
        partition_by=RefusalRow.token_id, order_by=(RefusalRow.at.desc(), RefusalRow.id.desc())
    )
    ranked = select(RefusalRow.id, place.label("place")).where(RefusalRow.token_id.in_(list(token_ids))).subquery()
    old = select(ranked.c.id).where(ranked.c.place > REFUSALS_KEPT)
    session.execute(delete(table_of(RefusalRow)).where(table_of(RefusalRow).c.id.in_(old)))


def _untold(session: Session, late: Sequence[Use]) -> list[Use]:
    if not late:
        return []
    keys = [use.key_id for use in late]
    untold = set(session.scalars(select(KeyRow.id).where(KeyRow.id.in_(keys), KeyRow.late_use_at.is_(None))))
    return [use for use in late if use.key_id in untold]

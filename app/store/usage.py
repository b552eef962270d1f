"""Usage, written in batches. Nothing here is needed to decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.usage import REFUSALS_KEPT, Tally, Use
from app.store import usage_places
from app.store.tables import (
    EmergencyUseRow,
    EmergencyWindowRow,
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


def write(session: Session, tallies: Sequence[Tally]) -> list[Use]:
    """Add the tallies to what is stored. Returns the first use of each rotated key that no event tells of yet."""
    # A key can be gone: the example's rows are the only ones that are ever removed.
    known = _known_keys(session, tallies)
    tokens = set(known.values())
    # In one order in all processes, or two of them would wait for each other's rows.
    there = (tally for tally in tallies if tally.token_id in tokens)
    tallies = sorted(there, key=lambda tally: tally.token_id)
    last = (use for tally in tallies for use in tally.last_by_key.values() if use.key_id in known)
    _LAST_USES.write(session, [(use.key_id, use.token_id, use.at, use.address, use.caller_token_id) for use in last])
    counts = (
        (tally.token_id, hour, code.value, times) for tally in tallies for (hour, code), times in tally.counts.items()
    )
    _COUNTS.write(session, list(counts))
    _ASKED.write(session, [(tally.token_id, *asked) for tally in tallies for asked in tally.asked.items()])
    _write_refusals(session, tallies)
    _write_passed(session, tallies)
    usage_places.write(session, tallies)
    return _untold(session, [use for tally in tallies for use in tally.late.values()])


def write_drops(session: Session, dropped: Mapping[datetime, int]) -> None:
    """Add how many uses were not counted, by hour."""
    _DROPS.write(session, list(dropped.items()))


def _known_keys(session: Session, tallies: Sequence[Tally]) -> dict[str, str]:
    tokens = [tally.token_id for tally in tallies]
    found = session.execute(select(KeyRow.id, KeyRow.token_id).where(KeyRow.token_id.in_(tokens)))
    return {row.id: row.token_id for row in found}


def _write_refusals(session: Session, tallies: Sequence[Tally]) -> None:
    refusals = [use for tally in tallies for use in tally.refusals]
    if not refusals:
        return
    _REFUSALS.write(
        session,
        [(use.token_id, use.at, use.request_id, use.caller_token_id, use.address, use.code.value) for use in refusals],
    )
    _trim(session, {use.token_id for use in refusals})


def _write_passed(session: Session, tallies: Sequence[Tally]) -> None:
    """Add what passed only because of emergency access, by window."""
    tallies = [tally for tally in tallies if tally.passed_by_window]
    windows = [window for tally in tallies for window in tally.passed_by_window]
    # As for keys: the example's are removed.
    there = (
        set(session.scalars(select(EmergencyWindowRow.id).where(EmergencyWindowRow.id.in_(windows)))) if windows else ()
    )
    passed = (
        (window, tally.token_id, times)
        for tally in tallies
        for window, times in tally.passed_by_window.items()
        if window in there
    )
    _PASSED.write(session, list(passed))


def _trim(session: Session, token_ids: Iterable[str]) -> None:
    """Keep the last 100 refusals of each of these tokens."""
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

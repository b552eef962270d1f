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
from app.store.upsert import inserting, many, table_of


def write(session: Session, tallies: Sequence[Tally]) -> list[Use]:
    """Add the tallies to what is stored. Returns the first use of each rotated key that no event tells of yet."""
    # A key can be gone: the example's rows are the only ones that are ever removed.
    known = _known_keys(session, tallies)
    tokens = set(known.values())
    # In one order in all processes, or two of them would wait for each other's rows.
    there = (tally for tally in tallies if tally.token_id in tokens)
    tallies = sorted(there, key=lambda tally: tally.token_id)
    _write_last_uses(session, [use for tally in tallies for use in tally.last_by_key.values() if use.key_id in known])
    _write_counts(session, tallies)
    _write_asked(session, tallies)
    _write_refusals(session, tallies)
    _write_passed(session, tallies)
    usage_places.write(session, tallies)
    return _untold(session, [use for tally in tallies for use in tally.late.values()])


def write_drops(session: Session, dropped: Mapping[datetime, int]) -> None:
    """Add how many uses were not counted, by hour."""
    insert = inserting(session, UsageDropRow)
    count = table_of(UsageDropRow).c.count + insert.excluded.count
    statement = insert.on_conflict_do_update(index_elements=["hour"], set_={"count": count})
    many(session, statement, [{"hour": hour, "count": number} for hour, number in dropped.items()])


def _known_keys(session: Session, tallies: Sequence[Tally]) -> dict[str, str]:
    tokens = [tally.token_id for tally in tallies]
    found = session.execute(select(KeyRow.id, KeyRow.token_id).where(KeyRow.token_id.in_(tokens)))
    return {row.id: row.token_id for row in found}


def _write_last_uses(session: Session, uses: Iterable[Use]) -> None:
    insert = inserting(session, KeyUsageRow)
    newer = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["key_id"],
        set_={name: newer[name] for name in ("used_at", "address", "caller_token_id")},
        # Another process may have written a later use already.
        where=table_of(KeyUsageRow).c.used_at <= newer.used_at,
    )
    rows = [
        {
            "key_id": use.key_id,
            "token_id": use.token_id,
            "used_at": use.at,
            "address": use.address,
            "caller_token_id": use.caller_token_id,
        }
        for use in uses
    ]
    many(session, statement, rows)


def _write_counts(session: Session, tallies: Sequence[Tally]) -> None:
    insert = inserting(session, UsageHourRow)
    count = table_of(UsageHourRow).c.count + insert.excluded.count
    statement = insert.on_conflict_do_update(index_elements=["token_id", "hour", "code"], set_={"count": count})
    rows = [
        {"token_id": tally.token_id, "hour": hour, "code": code.value, "count": number}
        for tally in tallies
        for (hour, code), number in tally.counts.items()
    ]
    many(session, statement, rows)


def _write_asked(session: Session, tallies: Sequence[Tally]) -> None:
    insert = inserting(session, ScopeUsageRow)
    statement = insert.on_conflict_do_update(
        index_elements=["token_id", "scope_name"],
        set_={"asked_at": insert.excluded.asked_at},
        where=table_of(ScopeUsageRow).c.asked_at < insert.excluded.asked_at,
    )
    rows = [
        {"token_id": tally.token_id, "scope_name": name, "asked_at": hour}
        for tally in tallies
        for name, hour in tally.asked.items()
    ]
    many(session, statement, rows)


def _write_refusals(session: Session, tallies: Sequence[Tally]) -> None:
    refusals = [use for tally in tallies for use in tally.refusals]
    if not refusals:
        return
    rows = [
        {
            "token_id": use.token_id,
            "at": use.at,
            "request_id": use.request_id,
            "caller_token_id": use.caller_token_id,
            "address": use.address,
            "code": use.code.value,
        }
        for use in refusals
    ]
    many(session, inserting(session, RefusalRow), rows)
    _trim(session, {use.token_id for use in refusals})


def _write_passed(session: Session, tallies: Sequence[Tally]) -> None:
    """Add what passed only because of emergency access, by window."""
    tallies = [tally for tally in tallies if tally.passed_by_window]
    windows = [window for tally in tallies for window in tally.passed_by_window]
    # As for keys: the example's are removed.
    there = (
        set(session.scalars(select(EmergencyWindowRow.id).where(EmergencyWindowRow.id.in_(windows)))) if windows else ()
    )
    insert = inserting(session, EmergencyUseRow)
    count = table_of(EmergencyUseRow).c.count + insert.excluded.count
    statement = insert.on_conflict_do_update(index_elements=["window_id"], set_={"count": count})
    rows = [
        {"window_id": window, "token_id": tally.token_id, "count": number}
        for tally in tallies
        for window, number in tally.passed_by_window.items()
        if window in there
    ]
    many(session, statement, rows)


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

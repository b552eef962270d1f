"""A million audit events in a chain that holds: as verbs would have written them, but all at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, select, update

from app.domain.events import Action, Subject
from app.domain.identifiers import Kind, new_id
from app.domain.people import Person
from app.store.audit_link import HASHED, link, seal
from app.store.tables import AuditEventRow, ChainHead
from bench import bulk

# What these events are about.
KINDS = ("application", "token", "user")
PERIOD = timedelta(days=365)
_CHANGES = [{"field": "description", "before": "Reads the invoices.", "after": "Reads the invoices of the day."}]
_COLUMNS = (*HASHED, "hash")


def append(
    connection: Connection,
    chain: bytes,
    count: int,
    people: Sequence[Person],
    subjects: Sequence[Subject],
    now: datetime,
) -> None:
    """Append `count` events to the chain, about each of the subjects in turn, spread over the year before `now`."""
    head = connection.execute(select(ChainHead.sequence, ChainHead.hash)).one()
    last = [head.sequence, head.hash]
    rows = _rows(chain, last, count, people, subjects, now)
    bulk.insert(connection, bulk.table_of(AuditEventRow), _COLUMNS, rows)
    values = {"sequence": last[0], "hash": last[1], "seal": seal(chain, last[0], last[1])}
    connection.execute(update(ChainHead).values(values))


def _rows(
    chain: bytes, last: list[Any], count: int, people: Sequence[Person], subjects: Sequence[Subject], now: datetime
) -> Iterator[dict[str, Any]]:
    step, start = PERIOD / count, now - PERIOD
    actors, about = cycle(people), cycle(subjects)
    actions = {kind: cycle([one for one in Action if one.startswith(f"{kind}.")]) for kind in KINDS}
    for number in range(1, count + 1):
        actor, subject = next(actors), next(about)
        content = {
            "sequence": last[0] + 1,
            "id": new_id(Kind.EVENT),
            "at": start + number * step,
            "action": next(actions[subject.kind]).value,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "subject_name": subject.name,
            "application_id": subject.application_id,
            "token_id": subject.token_id,
            "reason": "The invoices are read by another program now.",
            "changes": _CHANGES,
            "address": "192.0.2.17",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "request_id": f"request{number}",
            "previous_hash": last[1],
        }
        last[0], last[1] = content["sequence"], link(chain, content)
        yield content | {"hash": last[1]}

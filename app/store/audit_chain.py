"""The chain of audit events: each row's hash is an HMAC over its content and the hash before it (SPEC 11)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store import secrets
from app.store.database import RECORDED
from app.store.tables.audit import AuditEventRow, ChainHead

START = "0" * 64
_IN_ORDER = select(AuditEventRow).order_by(AuditEventRow.sequence)
_HASHED = [c.key for c in AuditEventRow.__table__.columns if c.key != "hash"]


@dataclass(frozen=True)
class Break:
    """The first row that does not fit the chain."""

    sequence: int
    event_id: str | None
    sentence: str


def append(session: Session, row: AuditEventRow) -> None:
    """Put the event at the end of the chain. The transaction holds the write lock, so the head is the head."""
    chain = secrets.current().chain
    head = session.get(ChainHead, 1)
    if head is None:
        raise RuntimeError("the audit chain has no head: run the migrations")
    row.sequence = head.sequence + 1
    row.previous_hash = head.hash
    row.hash = _hash(chain, _content(row))
    head.sequence, head.hash, head.seal = row.sequence, row.hash, _seal(chain, row.sequence, row.hash)
    session.add(row)
    session.info[RECORDED] = True


def begin(session: Session) -> None:
    """Seal the head of a chain that has no event yet. Done when an installation is migrated, with its secret."""
    head = session.get_one(ChainHead, 1)
    if not head.seal and head.sequence == 0:
        head.seal = _seal(secrets.current().chain, 0, head.hash)


def first_break(session: Session) -> Break | None:
    """The first row that was altered, removed, inserted or reordered, or the place where the tail was cut; None where
    every event is as it was written."""
    chain = secrets.current().chain
    last, last_hash = 0, START
    with session.scalars(_IN_ORDER, execution_options={"yield_per": 1_000}) as rows:
        for row in rows:
            fault = _fault(chain, row, last, last_hash)
            if fault is not None:
                return Break(row.sequence, row.id, fault)
            last, last_hash = row.sequence, row.hash
    return _break_at_head(session, chain, last, last_hash)


def _fault(chain: bytes, row: AuditEventRow, last: int, last_hash: str) -> str | None:
    if row.sequence != last + 1:
        return f"event {last + 1} is missing before this one"
    if row.previous_hash != last_hash:
        return "it does not follow the event before it"
    if not hmac.compare_digest(row.hash, _hash(chain, _content(row))):
        return "its content is not what was written"
    return None


def _break_at_head(session: Session, chain: bytes, last: int, last_hash: str) -> Break | None:
    head = session.get(ChainHead, 1)
    if head is None:
        return Break(last, None, "the head of the chain is missing")
    if not hmac.compare_digest(head.seal, _seal(chain, head.sequence, head.hash)):
        return Break(head.sequence, None, "the head of the chain was altered")
    if (head.sequence, head.hash) != (last, last_hash):
        return Break(last + 1, None, f"the log was cut: its head is event {head.sequence}")
    return None


def _content(row: AuditEventRow) -> Mapping[str, object]:
    return {name: _plain(getattr(row, name)) for name in _HASHED}


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _hash(chain: bytes, content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(chain, text.encode("ascii"), hashlib.sha256).hexdigest()


def _seal(chain: bytes, sequence: int, head: str) -> str:
    return hmac.new(chain, f"head {sequence} {head}".encode("ascii"), hashlib.sha256).hexdigest()

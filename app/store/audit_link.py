"""What binds one audit event to the one before it: HMACs under a secret that is not in the database (SPEC 11)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from app.store.tables.audit import AuditEventRow

START = "0" * 64
HASHED = [c.key for c in AuditEventRow.__table__.columns if c.key != "hash"]
# Made once: a chain of a million events is written with it, and checked.
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def link(chain: bytes, content: Mapping[str, object]) -> str:
    """The hash of an event: of all its columns but this one, the hash before it among them."""
    text = _JSON.encode({name: _plain(value) for name, value in content.items()})
    return hmac.digest(chain, text.encode("ascii"), hashlib.sha256).hex()


def seal(chain: bytes, sequence: int, head: str) -> str:
    """What proves that the chain ended with this event when somebody who has the secret last wrote to it."""
    return hmac.digest(chain, f"head {sequence} {head}".encode(), hashlib.sha256).hex()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value

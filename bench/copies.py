"""One token, issued by the real verbs, copied as often as wanted: copies have whatever a token has today, and will have
what it has tomorrow."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table, func, insert, literal, select, true

from app.domain import keys
from app.domain.identifiers import Kind, new_id
from app.domain.keys import KeySecret
from app.store.database import Base
from app.store.tables import ApprovalRequestRow, KeyRow, TokenRow, TokenScope
from bench import bulk

# What a token consists of, and the requests about it. Usage is not among it, nor are windows of emergency access.
PARTS: Sequence[type[Base]] = (TokenRow, KeyRow, TokenScope, ApprovalRequestRow)
_STAGED = Table(
    "staged_copy",
    MetaData(),
    *(Column(name, String) for name in ("token_id", "application_id", "name", "key_id", "digest", "hint")),
    prefixes=["TEMPORARY"],
)
_COLUMNS = tuple(column.name for column in _STAGED.columns)


@dataclass(frozen=True)
class Copy:
    """A token to be. `digest` is of its key."""

    token_id: str
    application_id: str
    name: str
    key_id: str
    digest: str = field(repr=False)
    hint: str


def usable(application_id: str, name: str, secret: KeySecret) -> tuple[Copy, str]:
    """A copy with a key of its own, and that key."""
    key = keys.make()
    token_id, key_id = new_id(Kind.TOKEN), new_id(Kind.KEY)
    return Copy(token_id, application_id, name, key_id, keys.digest(key, secret), keys.hint(key)), key


def fillers(application_id: str, count: int, label: str) -> Iterator[Copy]:
    """Copies whose keys nobody has: what else is in the database."""
    for number in range(count):
        digest = hashlib.sha256(f"{label} {number}".encode()).hexdigest()
        # Ids and digests come in no order, as real ones do.
        ending = digest[:22]
        yield Copy(f"tok_{ending}", application_id, f"{label} {number}", f"key_{ending}", digest, keys.PREFIX)


def make(connection: Connection, model_id: str, copies: Iterable[Copy]) -> None:
    """Make these copies of the token with the id `model_id`, as it is now, each with one live key."""
    _STAGED.create(connection)
    bulk.insert(connection, _STAGED, _COLUMNS, (vars(copy) for copy in copies))
    for part in PARTS:
        _make_part(connection, part, model_id)
    _STAGED.drop(connection)


def _make_part(connection: Connection, part: type[Base], model_id: str) -> None:
    table = bulk.table_of(part)
    of_model = table.c.id == model_id if part is TokenRow else table.c.token_id == model_id
    if part is KeyRow:
        of_model &= table.c.stops_at.is_(None)
    new = _new_values(part)
    values = [new.get(column.name, column) for column in table.columns]
    rows = select(*values).select_from(table.join(_STAGED, true())).where(of_model)
    connection.execute(insert(table).from_select(list(table.columns.keys()), rows))


def _new_values(part: type[Base]) -> Mapping[str, ColumnElement[Any]]:
    new = _STAGED.c
    whose = {"token_id": new.token_id}
    if part is TokenRow:
        named = {"name": new.name, "name_folded": new.name, "form_id": new.token_id}
        return {"id": new.token_id, "application_id": new.application_id, **named}
    if part is KeyRow:
        return {"id": new.key_id, "digest": new.digest, "hint": new.hint, **whose}
    if part is ApprovalRequestRow:
        request_id = literal(f"{Kind.REQUEST.value}_") + func.substr(new.token_id, len("tok_") + 1)
        return {"id": request_id, "application_id": new.application_id, **whose}
    return whose

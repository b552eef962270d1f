"""The scope catalogue, loaded from a file: additions and tightenings at once (SPEC 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import catalogue
from app.domain.catalogue import Entry
from app.domain.errors import NotAllowed
from app.domain.events import Action
from app.domain.people import Actor
from app.domain.roles import Deed
from app.domain.scopes import Scope
from app.services import host
from app.services.recording import recording
from app.store.database import transaction
from app.store.queries import live
from app.store.tables import ApplicationRow, ScopeRow, TokenRow, TokenScope


@dataclass(frozen=True)
class Holder:
    """A live token whose risk was raised under it."""

    token_id: str
    token_name: str
    application_name: str


@dataclass(frozen=True)
class Imported:
    """The answer: names of scopes, and the tokens that somebody should look at."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    for_review: tuple[Holder, ...]


class Loosens(NotAllowed):
    """The file loosens scopes that are there. `found` says of each how."""

    code = "loosens"

    def __init__(self, found: dict[str, tuple[str, ...]]) -> None:
        named = "; ".join(f"{name} ({', '.join(how)})" for name, how in found.items())
        super().__init__(f"This would loosen the catalogue, which needs approval: {named}. Nothing was imported.")
        self.found = found


def import_catalogue(entries: Sequence[Entry], actor: Actor, now: datetime) -> Imported:
    """Add and tighten scopes, all of them or none, with one event for each; what the file leaves out stays as it is.
    Raises Loosens where an entry loosens what is there."""
    with transaction() as session:
        host.require(session, actor, Deed.EDIT_CATALOGUE)
        rows = {row.name: row for row in session.scalars(select(ScopeRow))}
        _refuse_loosenings(session, entries, rows, now)
        added, changed, raised = [], [], []
        for entry in entries:
            row = rows.get(entry.scope.name)
            before = row.scope if row else None
            after = entry.over(before)
            if row is None or before is None:
                _add(session, after, actor, now)
                added.append(after.name)
            elif catalogue.differs(before, after):
                _change(session, row, after, actor, now)
                changed.append(after.name)
                if after.risk > before.risk:
                    raised.append(after.name)
        touched = {*added, *changed}
        unchanged = tuple(entry.scope.name for entry in entries if entry.scope.name not in touched)
        return Imported(tuple(added), tuple(changed), unchanged, _holders(session, raised, now))


def _refuse_loosenings(session: Session, entries: Sequence[Entry], rows: dict[str, ScopeRow], now: datetime) -> None:
    held = set(
        session.scalars(
            select(TokenScope.scope_name)
            .join(TokenRow, TokenRow.id == TokenScope.token_id)
            .where(live.at(now))
            .distinct()
        )
    )
    found = {}
    for entry in entries:
        name = entry.scope.name
        if name in rows:
            before = rows[name].scope
            how = catalogue.loosenings(before, entry.over(before), held=name in held)
            if how:
                found[name] = how
    if found:
        raise Loosens(found)


def _add(session: Session, scope: Scope, actor: Actor, now: datetime) -> None:
    row = ScopeRow(name=scope.name)
    with recording(session, Action.SCOPE_ADDED, row, actor, now):
        _write(row, scope)
        session.add(row)


def _change(session: Session, row: ScopeRow, scope: Scope, actor: Actor, now: datetime) -> None:
    with recording(session, Action.SCOPE_UPDATED, row, actor, now):
        _write(row, scope)


def _write(row: ScopeRow, scope: Scope) -> None:
    row.category, row.description, row.risk = scope.category, scope.description, scope.risk
    row.permissions, row.retired = list(scope.permissions), scope.retired


def _holders(session: Session, raised: Sequence[str], now: datetime) -> tuple[Holder, ...]:
    statement = (
        select(TokenRow.id, TokenRow.name, ApplicationRow.name)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(TokenScope, TokenScope.token_id == TokenRow.id)
        .where(TokenScope.scope_name.in_(raised), live.at(now))
        .distinct()
        .order_by(ApplicationRow.name, TokenRow.name)
    )
    return tuple(Holder(*row) for row in session.execute(statement)) if raised else ()

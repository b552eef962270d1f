"""The scope catalogue, loaded from a file: additions and tightenings at once, the rest as requests (SPEC 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import catalogue, emails, governance, text
from app.domain.catalogue import Entry
from app.domain.errors import Faults, NotAllowed, Unfit
from app.domain.people import Actor
from app.domain.roles import Deed, may
from app.domain.scopes import Scope
from app.services import host, requests
from app.services.governing import Asking
from app.services.scopes import content
from app.store.database import transaction
from app.store.queries import live
from app.store.tables import ApplicationRow, ScopeRow, TokenRow, TokenScope, UserRow


@dataclass(frozen=True)
class Holder:
    """A live token whose risk was raised under it."""

    token_id: str
    token_name: str
    application_name: str


@dataclass(frozen=True)
class Imported:
    """The answer: names of scopes, and the tokens that somebody should look at. What is `asked` waits for approval."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    asked: tuple[str, ...]
    for_review: tuple[Holder, ...]


class NobodyAsks(NotAllowed):
    """The file loosens scopes that are there, and nobody is named who asks for that. `found` says of each how."""

    code = "loosens"

    def __init__(self, found: Mapping[str, tuple[str, ...]]) -> None:
        named = "; ".join(f"{name} ({', '.join(how)})" for name, how in found.items())
        told = f"This would loosen the catalogue, which needs approval: {named}."
        super().__init__(f"{told} Nothing was imported. Say who asks for it.")
        self.found = found


@dataclass(frozen=True)
class Asker:
    """In whose name requests are opened (an email), and why."""

    email: str
    reason: str


def import_catalogue(entries: Sequence[Entry], actor: Actor, now: datetime, asker: Asker | None = None) -> Imported:
    """Add and tighten scopes, and ask for the rest in the name of `asker`: all of it or nothing, with one event for
    each; what the file leaves out stays as it is. What waits already in the same words is not asked for twice. Raises
    NobodyAsks where an entry loosens and there is no asker, Invalid, and Conflict where another request waits."""
    with transaction() as session:
        host.require(session, actor, Deed.EDIT_CATALOGUE)
        rows = {row.name: row for row in session.scalars(select(ScopeRow))}
        loosened = _loosenings(session, entries, rows, now)
        by = _asking(session, asker, loosened)
        done = _Done()
        for entry in entries:
            row = rows.get(entry.scope.name)
            before = row.scope if row else None
            after = entry.over(before)
            if row is None or before is None:
                content.add(session, after, actor, now)
                done.added.append(after.name)
            elif by is not None and after.name in loosened:
                if _ask(session, row, after, by, actor, now):
                    done.asked.append(after.name)
            elif catalogue.differs(before, after):
                content.change(session, row, after, actor, now)
                done.changed.append(after.name)
                if after.risk > before.risk:
                    done.raised.append(after.name)
        return _answer(session, entries, done, now)


@dataclass
class _Done:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def _answer(session: Session, entries: Sequence[Entry], done: _Done, now: datetime) -> Imported:
    touched = {*done.added, *done.changed, *done.asked}
    unchanged = tuple(entry.scope.name for entry in entries if entry.scope.name not in touched)
    holders = _holders(session, done.raised, now)
    return Imported(tuple(done.added), tuple(done.changed), unchanged, tuple(done.asked), holders)


def _loosenings(
    session: Session, entries: Sequence[Entry], rows: Mapping[str, ScopeRow], now: datetime
) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for entry in entries:
        row = rows.get(entry.scope.name)
        if row is not None:
            held = content.is_held(session, row.name, now)
            how = catalogue.loosenings(row.scope, entry.over(row.scope), held=held)
            if how:
                found[row.name] = how
    return found


def _asking(session: Session, asker: Asker | None, loosened: Mapping[str, tuple[str, ...]]) -> Asking | None:
    if not loosened:
        return None
    if asker is None:
        raise NobodyAsks(loosened)
    faults, asking = Faults(), Asking("", "")
    with faults.at("reason"):
        asking = replace(asking, reason=text.reason(asker.reason))
    with faults.at("as"):
        asking = replace(asking, requester_id=_administrator(session, asker.email))
    faults.refuse_if_any()
    return asking


def _administrator(session: Session, email: str) -> str:
    statement = select(UserRow).where(UserRow.email_folded == emails.account_name(email), UserRow.active)
    row = session.scalars(statement).one_or_none()
    if row is None or not may(Deed.EDIT_CATALOGUE, row.role):
        raise Unfit("Name an active administrator by their email: the requests are opened in their name.")
    return row.id


def _ask(session: Session, row: ScopeRow, after: Scope, by: Asking, actor: Actor, now: datetime) -> bool:
    changes = catalogue.changes(row.scope, after)
    waiting = requests.pending(session, governance.scope(row.name), now)
    if waiting is not None and requests.changes_of(waiting) == changes:
        return False
    content.ask(session, row, changes, by, actor, now)
    return True


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

"""Edit the scope catalogue: what tightens it holds at once, what loosens it waits for another person (SPEC 4)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import catalogue, governance, text
from app.domain.errors import Conflict, Faults, Invalid, NotFound
from app.domain.people import Actor
from app.domain.roles import Deed
from app.domain.scopes import Scope, is_name
from app.services import rights
from app.services.governing import Asking, Saved
from app.services.scopes import content
from app.store.database import transaction
from app.store.tables import ScopeRow


@dataclass(frozen=True)
class ScopeForm:
    """What a person typed; permissions are one a line."""

    risk: str
    category: str = ""
    description: str = ""
    permissions: str = ""
    reason: str = ""


class StaleScope(Conflict):
    """Somebody changed the scope after the form was shown."""

    code = "stale"


def add_scope(name: str, form: ScopeForm, actor: Actor, now: datetime) -> str:
    """Add a scope to the catalogue; its name. Raises Invalid, also where the name is taken."""
    with transaction() as session:
        rights.require(session, actor, Deed.EDIT_CATALOGUE)
        scope = catalogue.typed(name, form.risk, form.category, form.description, form.permissions)
        if session.get(ScopeRow, scope.name) is not None:
            raise Invalid({"name": "The catalogue has this scope already."})
        content.add(session, scope, actor, now, _reason(form.reason, required=False))
        return scope.name


def edit_scope(name: str, version: str, form: ScopeForm, actor: Actor, now: datetime) -> Saved:
    """Make the scope what the form says, or ask for it where that loosens it; a mixed edit waits as a whole. Raises
    NotFound, StaleScope, Invalid, and Conflict where a loosening would be the second request that waits. An edit that
    changes nothing is none."""

    def typed(scope: Scope) -> Scope:
        return catalogue.typed(
            scope.name, form.risk, form.category, form.description, form.permissions, retired=scope.retired
        )

    return _save(name, version, typed, form.reason, actor, now)


def set_retired(name: str, version: str, retired: bool, reason: str, actor: Actor, now: datetime) -> Saved:
    """Retire the scope, which holds at once: nobody is given it any more, and holders keep it. Or offer it again, which
    loosens the catalogue. Raises as `edit_scope`."""
    return _save(name, version, lambda scope: replace(scope, retired=retired), reason, actor, now)


def _save(name: str, version: str, become: Callable[[Scope], Scope], reason: str, actor: Actor, now: datetime) -> Saved:
    with transaction() as session:
        person = rights.require(session, actor, Deed.EDIT_CATALOGUE)
        row = _find(session, name)
        catalogue.require_editable(name)
        if version != str(row.version):
            raise StaleScope("Somebody changed this scope after you opened the form. Compare, and save again.")
        before = row.scope
        after = become(before)
        changes = catalogue.changes(before, after)
        if not changes:
            return Saved(())
        why = _reason(reason, required=governance.reason_required(changes))
        if catalogue.loosenings(before, after, held=content.is_held(session, name, now)):
            return Saved(changes, content.ask(session, row, changes, Asking(person.id, why), actor, now))
        content.change(session, row, after, actor, now, why)
        return Saved(changes)


def _find(session: Session, name: str) -> ScopeRow:
    row = session.get(ScopeRow, name) if is_name(name) else None
    if row is None:
        raise NotFound
    return row


def _reason(typed: str, *, required: bool) -> str:
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.reason(typed) if required else text.optional_reason(typed)
    faults.refuse_if_any()
    return why

"""The approval policy: at which risks a second person is asked. Asking at one more holds at once; asking at one less
waits for another person, but for who sits at the host (SPEC 7)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import governance, text
from app.domain.changes import between
from app.domain.errors import Conflict, Faults
from app.domain.events import Action
from app.domain.people import Actor
from app.domain.risk import Risk
from app.domain.roles import Deed
from app.services import governing, host, rights
from app.services.governing import Asking, Saved
from app.services.recording import recording
from app.store.database import transaction
from app.store.tables import PolicyRow


class StalePolicy(Conflict):
    """Somebody changed this entry after the form was shown."""

    code = "stale"


def set_policy(level: Risk, approval: bool, version: str, reason: str, actor: Actor, now: datetime) -> Saved:
    """Say whether a second person is asked at this risk, or ask for that. `version` is the one that the form showed.
    Raises StalePolicy, Invalid without a reason, and Conflict where a request about this entry waits already."""
    with transaction() as session:
        person = rights.require(session, actor, Deed.SET_POLICY)
        row = session.get_one(PolicyRow, level)
        if version != str(row.version):
            raise StalePolicy("Somebody changed this after you opened the form. Look at it again.")
        changes = between({governance.APPROVAL: row.approval}, {governance.APPROVAL: approval})
        if not changes:
            return Saved(())
        why = _reason(reason)
        if governance.relaxes(row.approval, approval):
            by = Asking(person.id, why)
            about = governance.entry(level)
            return Saved(changes, governing.ask(session, about, row, changes, level, by, actor, now))
        _set(session, row, approval, why, actor, now)
        return Saved(changes)


def set_policy_on_host(level: Risk, approval: bool, reason: str, now: datetime) -> bool:
    """The same, decided at the host's console, where an installation with one person has nobody to ask: it holds at
    once, and the event says where it was done. Whether anything changed. Raises Invalid without a reason."""
    with transaction() as session:
        row = session.get_one(PolicyRow, level)
        why = _reason(reason)
        if row.approval == approval:
            return False
        _set(session, row, approval, why, host.CONSOLE, now)
        return True


def _set(session: Session, row: PolicyRow, approval: bool, reason: str, actor: Actor, now: datetime) -> None:
    with recording(session, Action.POLICY_SET, row, actor, now, reason=reason) as record:
        row.approval = approval
        present = {governance.APPROVAL: row.approval}
        governing.void_unless_it_holds(session, governance.entry(row.risk), present, record, now)


def _reason(typed: str) -> str:
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.reason(typed)
    faults.refuse_if_any()
    return why

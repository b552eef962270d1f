"""Emergency access: opened and ended by superusers, loud, bounded, never extended (SPEC 10)."""

from datetime import datetime, timedelta

from app.domain import emergency, text
from app.domain.emergency import End
from app.domain.errors import Conflict, Faults
from app.domain.events import Action
from app.domain.history import DURATION, EMERGENCY_ENDS
from app.domain.lifecycle import Verb
from app.domain.people import Actor
from app.domain.roles import Deed
from app.services import emergency_windows as windows
from app.services.recording import recording
from app.services.tokens import fetch
from app.store.database import transaction
from app.store.tables import EmergencyWindowRow


def activate_emergency_access(token_id: str, hours: str, reason: str, actor: Actor, now: datetime) -> datetime:
    """Lift the token's address and time restrictions for this many hours; when that ends. Of several at once one wins,
    the others are a Conflict. Raises NotFound, NotAllowed, Conflict, Invalid(hours, reason)."""
    faults, lasts, why = Faults(), timedelta(0), ""
    with faults.at("hours"):
        lasts = emergency.hours(hours)
    with faults.at("reason"):
        why = text.reason(reason)
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.USE_EMERGENCY_ACCESS, Verb.ACTIVATE_EMERGENCY, actor, now)
        row = windows.open_window(session, token_id, now)
        emergency.require_closed(row.ends_at if row is not None else None)
        with faults.at("hours"):
            emergency.require_room(lasts, windows.lately(session, token_id, now), now)
        faults.refuse_if_any()
        ends_at = now + lasts
        with recording(session, Action.TOKEN_EMERGENCY_ACTIVATED, found.token, actor, now, reason=why) as record:
            record.note(DURATION, None, emergency.in_words(lasts))
            record.note(EMERGENCY_ENDS, None, ends_at)
            window = EmergencyWindowRow(token_id=token_id, starts_at=now, ends_at=ends_at, reason=why)
            window.activated_by = found.person.id
            session.add(window)
        return ends_at


def deactivate_emergency_access(token_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """End the token's open window now. Whoever may open one may end it, whatever has become of the token. Raises
    NotFound, NotAllowed, Invalid(reason), and Conflict where none is open."""
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.optional_reason(reason)
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.USE_EMERGENCY_ACCESS, None, actor, now)
        row = windows.open_window(session, token_id, now)
        if row is None:
            raise Conflict("Emergency access has already ended.", code="emergency_over")
        faults.refuse_if_any()
        with recording(session, Action.TOKEN_EMERGENCY_DEACTIVATED, found.token, actor, now, reason=why) as record:
            windows.end(row, End.DEACTIVATED, record, actor, now)

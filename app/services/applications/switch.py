"""Disable and enable an application: an emergency stop that never fails because someone edited (SPEC 3)."""

from datetime import datetime

from app.domain import text
from app.domain.errors import Conflict, Faults, NotAllowed
from app.domain.events import Action
from app.domain.people import Actor
from app.domain.roles import Deed, may_enable
from app.services.applications import fetch
from app.services.recording import recording
from app.store.database import transaction


def disable_application(application_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """Switch the application off: from the return on, every token of it verifies as APPLICATION_DISABLED."""
    why = _optional(reason)
    with transaction() as session:
        found = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor)
        row = found.application
        if not row.enabled:
            raise Conflict("This application is disabled already.", code="already_disabled")
        with recording(session, Action.APPLICATION_DISABLED, row, actor, now, reason=why):
            row.enabled, row.disabled_by_administrator = False, found.person.role.is_administrator


def enable_application(application_id: str, reason: str, actor: Actor, now: datetime) -> None:
    """Switch the application on again. What an administrator disabled, only an administrator enables."""
    why = _optional(reason)
    with transaction() as session:
        found = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor)
        row = found.application
        if row.enabled:
            raise Conflict("This application is enabled already.", code="already_enabled")
        if not may_enable(row.disabled_by_administrator, found.person.role):
            raise NotAllowed("An administrator disabled this application. Only an administrator enables it.")
        with recording(session, Action.APPLICATION_ENABLED, row, actor, now, reason=why):
            row.enabled, row.disabled_by_administrator = True, False


def _optional(reason: str) -> str:
    faults, why = Faults(), ""
    with faults.at("reason"):
        why = text.optional_reason(reason)
    faults.refuse_if_any()
    return why

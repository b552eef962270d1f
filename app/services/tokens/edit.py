"""Edit a token: what tightens it holds at once, what loosens a risky one waits for another person (SPEC 6, 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import edits, expiry, restrictions, risk, text
from app.domain import scopes as scope_rules
from app.domain.approval import RequestStatus
from app.domain.changes import FieldChange
from app.domain.errors import Conflict, Faults
from app.domain.events import Action
from app.domain.lifecycle import Verb
from app.domain.people import Actor
from app.domain.restrictions import Typed
from app.domain.risk import Risk
from app.domain.roles import Deed
from app.services import requests
from app.services.recording import recording
from app.services.tokens import content, fetch
from app.services.tokens.asking import ask
from app.services.tokens.names import require_free_name
from app.store.database import transaction
from app.store.queries import policy, scopes
from app.store.tables import TokenRow


@dataclass(frozen=True)
class EditForm:
    """What a person typed; None for what their form does not show. `version` is the one that the form showed."""

    token_id: str
    version: str
    name: str | None = None
    description: str | None = None
    scopes: tuple[str, ...] | None = None
    expires: str | None = None
    expires_on: str = ""
    restrictions: Typed = Typed()
    reason: str = ""


@dataclass(frozen=True)
class Edited:
    """The answer: `request_id` names the request where the edit waits for another person."""

    changes: tuple[FieldChange, ...]
    request_id: str | None = None


class Stale(Conflict):
    """Somebody edited the token after the form was shown."""

    code = "stale"


def edit_token(form: EditForm, actor: Actor, now: datetime) -> Edited:
    """Change what the form names. Raises Stale where somebody else was first, Invalid for what was typed, Conflict
    where a loosening would be the second request that waits. An edit that changes nothing is none."""
    with transaction() as session:
        found = fetch.for_deed(session, form.token_id, Deed.EDIT_TOKEN, Verb.EDIT, actor, now)
        if str(found.token.version) != form.version:
            raise Stale("Somebody changed this token after you opened the form. Compare, and save again.")
        changes, reason = _read(session, found.token, form, now)
        if not changes:
            return Edited(())
        before, after = _risks(session, found.token, changes)
        if edits.approval_needed(edits.direction(changes, now), before, after, policy.current(session)):
            request_id = ask(session, found.token, found.person, changes, before, reason, actor, now)
            return Edited(changes, request_id)
        # A span that ends when the token ends anyway: only where it waits is it another end.
        changes = tuple(one for one in changes if edits.differs(one, now))
        if not changes:
            return Edited(())
        with recording(session, Action.TOKEN_UPDATED, found.token, actor, now, reason=reason) as record:
            content.change(session, found.token, changes, record, now)
            waiting = requests.pending(session, found.token, now)
            if waiting is not None and not content.still_hold(session, found.token, requests.changes_of(waiting)):
                requests.end_pending(session, found.token, RequestStatus.VOID, record, now)
        return Edited(changes)


def _read(session: Session, token: TokenRow, form: EditForm, now: datetime) -> tuple[tuple[FieldChange, ...], str]:
    faults, wanted = Faults(), dict[str, object]()
    with faults.at("name"):
        if form.name is not None:
            wanted[edits.NAME] = text.name(form.name)
            require_free_name(session, token.application_id, text.name(form.name), now, but=token.id)
    with faults.at("description"):
        if form.description is not None:
            wanted[edits.DESCRIPTION] = text.description(form.description)
    with faults.at("scopes"):
        if form.scopes is not None:
            wanted[edits.SCOPES] = _chosen(session, token, form.scopes)
    with faults.at("expires_on" if form.expires == expiry.CUSTOM else "expires"):
        if form.expires is not None:
            wanted[edits.EXPIRES_AT] = edits.expires_value(expiry.chosen(form.expires, form.expires_on, now))
    wanted |= restrictions.read(form.restrictions, faults)
    found = ((field, content.value(session, token, field), after) for field, after in wanted.items())
    changes = tuple(FieldChange(field, before, after) for field, before, after in found if before != after)
    # What does not fit yet will be a change once it does: its reason is asked for together with the rest.
    required = edits.reason_required(changes) or bool(faults.fields.keys() - {edits.NAME, edits.DESCRIPTION})
    reason = ""
    with faults.at("reason"):
        reason = text.reason(form.reason) if required else text.optional_reason(form.reason)
    faults.refuse_if_any()
    return changes, reason


def _chosen(session: Session, token: TokenRow, names: tuple[str, ...]) -> list[str]:
    """A holder keeps a retired scope, but nobody gets one."""
    held = {scope.name for scope in scopes.held_by(session, token.id)}
    return [scope.name for scope in scope_rules.chosen(names, scopes.catalogue(session), kept=held)]


def _risks(session: Session, token: TokenRow, changes: Sequence[FieldChange]) -> tuple[Risk, Risk]:
    before = risk.highest(scope.risk for scope in scopes.held_by(session, token.id))
    named = next((one.after for one in changes if one.field == edits.SCOPES), None)
    if not isinstance(named, list):
        return before, before
    catalogue = scopes.catalogue(session)
    return before, risk.highest(catalogue[name].risk for name in named)

"""Disable or revoke many tokens in one go, and take a disable back: one transaction, one event for each token, all of
them under the id of one incident (SPEC 14)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import incidents, lifecycle, text
from app.domain.errors import Conflict, Faults, NotFound
from app.domain.events import Action
from app.domain.identifiers import Kind, new_id
from app.domain.incidents import INCIDENT, Stop
from app.domain.lifecycle import Verb
from app.domain.people import Actor, Person
from app.domain.roles import Deed, may_enable
from app.services import rights
from app.services.recording import Record, recording
from app.services.tokens import switch
from app.store.database import transaction
from app.store.tables import ApplicationRow, IncidentRow, IncidentToken, TokenRow

ACTIONS = {Stop.DISABLE: Action.TOKEN_DISABLED, Stop.REVOKE: Action.TOKEN_REVOKED}


@dataclass(frozen=True)
class Wanted:
    """What a form asks for, as it was typed. `application_id`: all are of this one, None: of any."""

    stop: str
    token_ids: Sequence[str]
    reason: str
    application_id: str | None = None


@dataclass(frozen=True)
class Stopped:
    """The answer: how many were stopped. Of the others somebody else was first, or their status has no need of it."""

    incident_id: str
    count: int


def stop_tokens(wanted: Wanted, actor: Actor, now: datetime) -> Stopped:
    """Stop each of the tokens that can be. No verification of them that starts after this returns succeeds. Raises
    Invalid, NotFound and NotAllowed, each of which means that none was stopped, and Conflict where none had to be."""
    how, ids, why = _read(wanted)
    with transaction() as session:
        person = rights.acting_person(session, actor)
        tokens = _fetched(session, ids, wanted.application_id, how, actor)
        hit = [token for token in tokens if how.hits(lifecycle.status(token.facts, now))]
        if not hit:
            raise Conflict("None of these tokens can be stopped any more: somebody was first.", code="nothing_to_stop")
        incident = IncidentRow(id=new_id(Kind.INCIDENT), at=now, stop=how, actor_id=person.id, actor_name=person.name)
        incident.application_id, incident.reason = wanted.application_id, why
        session.add(incident)
        for token in hit:
            with recording(session, ACTIONS[how], token, actor, now, reason=why) as record:
                record.note(INCIDENT, None, incident.id)
                _stop(session, how, token, person, record, actor, now)
                session.add(IncidentToken(incident_id=incident.id, token_id=token.id))
        return Stopped(incident.id, len(hit))


def undo_incident(incident_id: str, actor: Actor, now: datetime) -> int:
    """Enable again what the actor disabled in this incident in the last 30 minutes and nobody touched since; how many
    these were. Raises NotFound, and Conflict where it is too late for all of them: then to enable is a loosening."""
    with transaction() as session:
        person = rights.acting_person(session, actor)
        incident = session.get(IncidentRow, incident_id)
        if incident is None or incident.actor_id != person.id:
            raise NotFound
        undone = list(_undoable(session, incident, person, now))
        if not undone:
            raise Conflict(
                "It is too late to take this back in one go. Enable each token on its own page.",
                code="too_late_to_undo",
            )
        for token in undone:
            rights.require(session, actor, Deed.ENABLE_TOKEN, session.get_one(ApplicationRow, token.application_id))
            with recording(session, Action.TOKEN_ENABLED, token, actor, now) as record:
                record.note(INCIDENT, None, incident.id)
                switch.enable(token)
        incident.undone_at = now
        return len(undone)


def _undoable(session: Session, incident: IncidentRow, person: Person, now: datetime) -> Iterator[TokenRow]:
    hit = select(IncidentToken.token_id).where(IncidentToken.incident_id == incident.id)
    for token in session.scalars(select(TokenRow).where(TokenRow.id.in_(hit)).order_by(TokenRow.id)).all():
        is_of_incident = token.disabled_at == incident.at
        can_be = lifecycle.permits(Verb.ENABLE, lifecycle.status(token.facts, now))
        can_be = can_be and may_enable(token.disabled_by_administrator, person.role)
        if is_of_incident and can_be and lifecycle.is_undo(token.disabled_by, token.disabled_at, person.id, now):
            yield token


def _read(wanted: Wanted) -> tuple[Stop, Sequence[str], str]:
    faults = Faults()
    how, ids, why = Stop.DISABLE, list[str](), ""
    with faults.at("stop"):
        how = incidents.stop(wanted.stop)
    with faults.at("tokens"):
        ids = incidents.chosen(list(wanted.token_ids))
    with faults.at("reason"):
        why = text.optional_reason(wanted.reason)
    faults.refuse_if_any()
    return how, ids, why


def _fetched(
    session: Session, ids: Sequence[str], application_id: str | None, how: Stop, actor: Actor
) -> Sequence[TokenRow]:
    """All of the tokens, where the person may do this to each one of them."""
    tokens = session.scalars(select(TokenRow).where(TokenRow.id.in_(ids)).order_by(TokenRow.id)).all()
    foreign = application_id is not None and any(token.application_id != application_id for token in tokens)
    if len(tokens) != len(ids) or foreign:
        raise NotFound
    owners = select(ApplicationRow).where(ApplicationRow.id.in_({token.application_id for token in tokens}))
    for application in session.scalars(owners):
        rights.require(session, actor, how.deed, application)
    return tokens


def _stop(
    session: Session, how: Stop, token: TokenRow, person: Person, record: Record, actor: Actor, now: datetime
) -> None:
    if how is Stop.DISABLE:
        switch.disable(session, token, person, record, actor, now)
    else:
        switch.revoke(session, token, record, actor, now)

"""Issue a token: the only moment at which its key exists outside of the person's hands (SPEC 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import expiry, issuing, restrictions, text
from app.domain import scopes as scope_rules
from app.domain.approval import LIFETIME, RequestKind
from app.domain.errors import Conflict, Faults, NotFound
from app.domain.events import Action
from app.domain.expiry import Expiry
from app.domain.identifiers import Kind, is_id, new_id
from app.domain.issuing import Forecast
from app.domain.lifecycle import Status
from app.domain.people import Actor
from app.domain.restrictions import Plain, Typed
from app.domain.roles import Deed
from app.domain.scopes import Scope
from app.services import requests, rights
from app.services.recording import recording
from app.services.tokens.keys import new_key
from app.services.tokens.names import require_free_name
from app.store.database import transaction
from app.store.queries import live, policy, scopes
from app.store.tables import ApplicationRow, TokenRow, TokenScope

FORM_ID_LENGTH = 22


@dataclass(frozen=True)
class IssueForm:
    """What a person typed. `expires` is a preset, `custom` or `never`; `expires_on` a date; `form_id` is made once for
    each form that is shown, so that a form sent twice issues one token."""

    application_id: str
    form_id: str
    name: str
    description: str
    scopes: tuple[str, ...]
    expires: str
    expires_on: str
    reason: str
    restrictions: Typed = Typed()


@dataclass(frozen=True)
class Issued:
    """The answer: the key is in it and nowhere else. `request_id` names the request that the token waits for."""

    token_id: str
    key: str = field(repr=False)
    hint: str
    request_id: str | None


class AlreadyIssued(Conflict):
    """This form has issued its token before."""

    code = "already_issued"

    def __init__(self, token_id: str) -> None:
        super().__init__("This form has already issued its token.")
        self.token_id = token_id


@dataclass(frozen=True)
class _Content:
    """What was typed, read by the rules."""

    name: str
    description: str
    scopes: tuple[Scope, ...]
    expiry: Expiry
    restrictions: Mapping[str, Plain]
    reason: str
    forecast: Forecast


def issue_token(form: IssueForm, actor: Actor, now: datetime) -> Issued:
    """Issue a token in an application, or ask for it where the policy wants a second person. Raises Invalid for what
    was typed, AlreadyIssued for a form that was sent before."""
    with transaction() as session:
        known = is_id(Kind.APPLICATION, form.application_id)
        application = session.get(ApplicationRow, form.application_id) if known else None
        if application is None:
            raise NotFound
        person = rights.require(session, actor, Deed.ISSUE_TOKEN, application)
        _refuse_second_sending(session, person.id, form.form_id)
        content = _read(session, application, form, now)
        token = _token(application, content, person.id, form.form_id, now)
        with recording(session, Action.TOKEN_ISSUED, token, actor, now, reason=content.reason) as record:
            token.agreed_risk = content.forecast.risk
            session.add(token)
            session.flush()
            session.add_all(TokenScope(token_id=token.id, scope_name=scope.name) for scope in content.scopes)
            key, row = new_key(session, token.id, person.id, now)
            record.note("scopes", None, [scope.name for scope in content.scopes])
            record.note("key", None, row.hint)
            request = None
            if content.forecast.approval_needed:
                request = requests.open_request(session, RequestKind.ISSUE, token, person.id, content.reason, now)
                record.note("approval request", None, request.id)
        return Issued(token.id, key, row.hint, request.id if request else None)


def _refuse_second_sending(session: Session, person_id: str, form_id: str) -> None:
    if len(form_id) != FORM_ID_LENGTH or not form_id.isalnum() or not form_id.isascii():
        raise Conflict("This form is incomplete. Open it again.", code="form_incomplete")
    statement = select(TokenRow.id).where(TokenRow.created_by == person_id, TokenRow.form_id == form_id)
    token_id = session.scalars(statement).one_or_none()
    if token_id is not None:
        raise AlreadyIssued(token_id)


def _read(session: Session, application: ApplicationRow, form: IssueForm, now: datetime) -> _Content:
    faults = Faults()
    name, chosen = "", tuple[Scope, ...]()
    end, description, reason = Expiry(), "", ""
    with faults.at("name"):
        name = text.name(form.name)
        require_free_name(session, application.id, name, now)
    with faults.at("description"):
        description = text.description(form.description)
    with faults.at("scopes"):
        chosen = scope_rules.chosen(form.scopes, scopes.catalogue(session))
    with faults.at("expires_on" if form.expires == expiry.CUSTOM else "expires"):
        end = expiry.chosen(form.expires, form.expires_on, now)
    narrowed = restrictions.read(form.restrictions, faults)
    forecast = issuing.forecast(chosen, policy.current(session))
    with faults.at("reason"):
        reason = text.reason(form.reason) if forecast.reason_required else text.optional_reason(form.reason)
    faults.refuse_if_any()
    _require_room(session, application.id, now)
    return _Content(name, description, chosen, end, narrowed, reason, forecast)


def _require_room(session: Session, application_id: str, now: datetime) -> None:
    statement = select(func.count()).where(TokenRow.application_id == application_id, live.at(now))
    if session.scalars(statement).one() >= issuing.MOST_LIVE_TOKENS:
        raise Conflict(
            f"This application has {issuing.MOST_LIVE_TOKENS} live tokens, the most it can have. Revoke some first.",
            code="too_many_tokens",
        )


def _token(application: ApplicationRow, content: _Content, person_id: str, form_id: str, now: datetime) -> TokenRow:
    waits = content.forecast.approval_needed
    return TokenRow(
        id=new_id(Kind.TOKEN),
        application_id=application.id,
        name=content.name,
        name_folded=text.folded(content.name),
        description=content.description,
        status=Status.PENDING if waits else Status.ACTIVE,
        lapses_at=now + LIFETIME if waits else None,
        expiry_preset=content.expiry.preset,
        # A preset counts from the moment the token takes effect.
        expires_at=content.expiry.fixed if waits else content.expiry.counted_from(now),
        effective_at=None if waits else now,
        created_at=now,
        created_by=person_id,
        form_id=form_id,
        **content.restrictions,
    )

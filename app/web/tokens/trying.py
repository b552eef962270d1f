"""Try a request: the decision that a service would get, check by check, with what would change it. Counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from werkzeug.datastructures import MultiDict

from app.domain import remedies, trial
from app.domain.checks import Outcome
from app.domain.decision import CheckResult, Decision, counted, decide
from app.domain.errors import Invalid, NotFound
from app.domain.remedies import Case
from app.domain.scopes import AnswersFor
from app.domain.trial import Trial
from app.quota.uses import USES, Uses
from app.quota.windows import CountersGone
from app.store.database import db
from app.store.queries import applications, scopes, snapshot
from app.store.queries.applications import VerifyingService
from app.store.queries.usage import Refusal
from app.web.access import current_person, now
from app.web.filters import iso
from app.web.tokens.forms import TryForm, show_faults
from app.web.tokens.frame import Frame

EVERYBODY = "The token itself"
LABELS = {
    "key": "Known to who asks",
    "generation": "Key",
    "status": "Token",
    "application": "Application",
    "scopes": "Scopes",
    "permissions": "Permissions and access rules",
    "address": "Client address",
    "hours": "Time",
    "rate": "Rate",
}


@dataclass(frozen=True)
class Line:
    """One check as the page shows it. `decided`: it gave the answer. `remedy` says what would change it."""

    label: str
    result: CheckResult
    decided: bool
    remedy: str


@dataclass(frozen=True)
class Tried:
    """The form with what was typed, and the answer to it; without a decision where nothing was asked yet, or where what
    was typed is no question."""

    form: TryForm
    decision: Decision | None = None
    at: datetime | None = None
    lines: Sequence[Line] = ()


def again(token_id: str, refusal: Refusal, service: VerifyingService | None) -> str:
    """The address that tries what was refused once more, as far as it is kept: by whom, from where and when."""
    asked_by = service.id if service else ""
    return url_for(
        "tokens.acl",
        token_id=token_id,
        asked_by=asked_by,
        address=refusal.address or "",
        instant=iso(refusal.at),
        _anchor="try",
    )


def of(shown: Frame, typed: MultiDict[str, str]) -> Tried:
    """What would be answered to the request in the address."""
    person, session = current_person(), db.session()
    services = applications.answering(session, person)
    form = TryForm(typed)
    form.asked_by.choices = {"": EVERYBODY} | {service.id: service.name for service in services}
    if not typed:
        return Tried(form)
    asker = form.asked_by.data or ""
    try:
        asked = trial.read({name: form[name].data or "" for name in trial.FIELDS}, _answers_for(asker, services), now())
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return Tried(form)
    return _decided(form, shown, asked)


def _answers_for(asker: str, services: Sequence[VerifyingService]) -> AnswersFor:
    if not asker:
        return AnswersFor(everything=True)
    found = next((service.answers_for for service in services if service.id == asker), None)
    if found is None:
        raise Invalid({"asked_by": "Choose a service from the list."})
    return found


def _decided(form: TryForm, shown: Frame, asked: Trial) -> Tried:
    session = db.session()
    known = snapshot.of_token(session, current_person(), shown.token.id)
    if known is None:
        raise NotFound
    decision = _counted(decide(known, asked.question, asked.at), asked.at)
    case = Case(known, asked.question, scopes.catalogue(session))
    return Tried(form, decision, asked.at, _lines(decision, case))


def _counted(decision: Decision, at: datetime) -> Decision:
    """The decision with its rate: asked for, not used up."""
    rate, snapshot_of_it = decision.rate, decision.snapshot
    if rate is None or snapshot_of_it is None:
        return decision
    uses: Uses = current_app.extensions[USES]
    try:
        return counted(decision, rate, 1, uses.take(snapshot_of_it.token_id, rate, 1, at, use=False))
    except CountersGone:
        return decision


def _lines(decision: Decision, case: Case) -> Sequence[Line]:
    failed = [result for result in decision.results if result.finding.outcome is Outcome.FAIL]
    return [
        Line(
            LABELS.get(result.check, result.check.capitalize()),
            result,
            decided=result in failed[:1],
            remedy=remedies.remedy(result.finding.code, case) if result in failed and result.finding.code else "",
        )
        for result in decision.results
    ]

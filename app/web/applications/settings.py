"""The Settings tab: name, owner, what it answers for, and the switch."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app.domain import application_history
from app.domain.applications import Extent, extent_of
from app.domain.errors import Conflict, Invalid
from app.domain.roles import Deed, may_enable
from app.services.applications import switch
from app.services.applications.edit import set_answers_for, update_application
from app.services.applications.fetch import Stale
from app.services.applications.people import set_owner
from app.store.database import db
from app.store.queries import scopes
from app.store.queries.applications import ApplicationView
from app.web.access import actor, current_person, now, signed_in
from app.web.applications import area
from app.web.applications.area import blueprint
from app.web.applications.forms import AnswersForForm, DetailsForm, EmailForm, show_faults
from app.web.htmx import see_other


@blueprint.get("/<application_id>/settings")
@signed_in
def settings(application_id: str) -> Response:
    """What can be changed about the application."""
    return _page(area.found(application_id, Deed.MANAGE_APPLICATION))


@blueprint.post("/<application_id>/settings")
@signed_in
def update(application_id: str) -> AnyResponse:
    """Save name and description."""
    view, form = area.found(application_id, Deed.MANAGE_APPLICATION), DetailsForm()
    name, description = form.name.data or "", form.description.data or ""

    def save() -> None:
        update_application(view.id, _version(), name, description, actor(), now())

    return _save(view, save, form, details=form) or _done("Saved.", ".settings", view)


@blueprint.post("/<application_id>/settings/owner")
@signed_in
def hand_over(application_id: str) -> AnyResponse:
    """Make somebody else the owner. Whoever did it may not see this tab any more."""
    view, form = area.found(application_id, Deed.MANAGE_APPLICATION), EmailForm()

    def save() -> None:
        set_owner(view.id, _version(), form.email.data or "", actor(), now())

    return _save(view, save, form, owner=form) or _done("The application has a new owner.", ".overview", view)


@blueprint.post("/<application_id>/settings/answers-for")
@signed_in
def answer_for(application_id: str) -> AnyResponse:
    """Set whose scopes the application is told about."""
    view, form = area.found(application_id, Deed.SET_ANSWERS_FOR), AnswersForForm()
    chosen = request.form.getlist("resources")

    def save() -> None:
        set_answers_for(view.id, _version(), form.extent.data or "", chosen, actor(), now())

    return _save(view, save, form, answers=form, chosen=chosen) or _done("Saved.", ".settings", view)


@blueprint.post("/<application_id>/disable")
@signed_in
def disable(application_id: str) -> AnyResponse:
    """Switch the application off, at once."""
    view = area.found(application_id, Deed.MANAGE_APPLICATION)
    reason = request.form.get("reason", "")
    refused = _switch(view, lambda: switch.disable_application(view.id, reason, actor(), now()))
    return refused or _done("Disabled. Every token of this application is refused from now on.", ".settings", view)


@blueprint.post("/<application_id>/enable")
@signed_in
def enable(application_id: str) -> AnyResponse:
    """Switch the application on again."""
    view = area.found(application_id, Deed.MANAGE_APPLICATION)
    reason = request.form.get("reason", "")
    refused = _switch(view, lambda: switch.enable_application(view.id, reason, actor(), now()))
    return refused or _done("Enabled.", ".settings", view)


def _save(view: ApplicationView, save: Callable[[], None], form: FlaskForm, **shown: object) -> AnyResponse | None:
    """Save, or show the page again with what was typed, what is wrong with it, or what changed meanwhile."""
    try:
        save()
    except Invalid as invalid:
        show_faults(form, invalid)
        return _page(view, status=422, **shown)
    except Stale as stale:
        since = [(application_history.sentence(event), event) for event in stale.since]
        return _page(area.found(view.id), status=409, problem=stale.sentence, since=since, **shown)
    return None


def _switch(view: ApplicationView, flip: Callable[[], None]) -> AnyResponse | None:
    try:
        flip()
    except Invalid as invalid:
        return _page(view, status=422, reason=request.form.get("reason", ""), reason_error=invalid.fields["reason"])
    except Conflict as conflict:
        return _page(area.found(view.id), status=409, problem=conflict.sentence)
    return None


def _done(sentence: str, endpoint: str, view: ApplicationView) -> AnyResponse:
    flash(sentence, "success")
    return see_other(url_for(endpoint, application_id=view.id))


def _version() -> str:
    return request.form.get("version", "")


def _page(view: ApplicationView, *, status: int = 200, **shown: object) -> Response:
    answers_for = view.answers_for
    resources = {scope.resource for scope in scopes.catalogue(db.session()).values()} | answers_for.resources
    context: dict[str, Any] = {
        "details": DetailsForm(formdata=None, name=view.name, description=view.description),
        "owner": EmailForm(formdata=None),
        "answers": AnswersForForm(formdata=None, extent=extent_of(answers_for).value),
        "chosen": answers_for.resources,
        "resources": sorted(resources),
        "asks": extent_of(answers_for) is not Extent.NOTHING,
        "may_enable": may_enable(view.disabled_by_administrator, current_person().role),
        "version": view.version,
        **shown,
    }
    return area.page(view, "Settings", "applications/_settings.html", status=status, **context)

"""The Members tab: who works on the application, and whom to let in or out."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid
from app.domain.roles import Deed
from app.services.applications import people as verbs
from app.store.database import db
from app.store.queries import members as queries
from app.store.queries.applications import ApplicationView
from app.web.access import actor, now, signed_in
from app.web.applications import area
from app.web.applications.area import blueprint
from app.web.applications.forms import EmailForm, show_faults
from app.web.htmx import see_other


@blueprint.get("/<application_id>/members")
@signed_in
def members(application_id: str) -> Response:
    """Who works on the application, and which live keys each has seen."""
    return _page(area.found(application_id), EmailForm())


@blueprint.post("/<application_id>/members")
@signed_in
def add(application_id: str) -> AnyResponse:
    """Let somebody in."""
    view, form = area.found(application_id, Deed.MANAGE_APPLICATION), EmailForm()
    try:
        name = verbs.add_member(view.id, form.email.data or "", actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _page(view, form, status=422)
    flash(f"{name} is a member now.", "success")
    return see_other(url_for(".members", application_id=view.id))


@blueprint.post("/<application_id>/members/<person_id>/remove")
@signed_in
def remove(application_id: str, person_id: str) -> AnyResponse:
    """Take a member off, and say which keys should be rotated now."""
    view = area.found(application_id, Deed.MANAGE_APPLICATION)
    try:
        removed = verbs.remove_member(view.id, person_id, actor(), now())
    except Conflict as conflict:
        return _page(view, EmailForm(formdata=None), status=409, problem=conflict.sentence)
    if removed.keys:
        # In the answer itself: a list of any length does not fit into a cookie, and no page lists it afterwards.
        return _page(view, EmailForm(formdata=None), leaver=removed)
    flash(f"{removed.name} is no longer a member.", "success")
    return see_other(url_for(".members", application_id=view.id))


def _page(
    view: ApplicationView,
    form: EmailForm,
    *,
    status: int = 200,
    problem: str | None = None,
    leaver: verbs.Removed | None = None,
) -> Response:
    return area.page(
        view,
        "Members",
        "applications/_members.html",
        status=status,
        people=queries.application_people(db.session(), view.id),
        seen=queries.keys_seen(db.session(), view.id, now()),
        form=form,
        problem=problem,
        leaver=leaver,
    )

"""Stop many tokens at once: across applications for superusers, picked by hand in one application for its people. What
is shown is what is hit: a form names each token that stood on its page, and nothing else is touched."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import incidents as rules
from app.domain import lifecycle
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.incidents import Stop
from app.domain.lifecycle import Status
from app.domain.roles import Deed
from app.domain.token_selection import FIELDS
from app.services.tokens.stop_many import Stopped, Wanted, stop_tokens, undo_incident
from app.store.database import db
from app.store.queries import applications, chosen_tokens, incidents
from app.store.queries.applications import ApplicationView
from app.store.queries.chosen_tokens import ChosenToken, Match
from app.store.queries.incidents import IncidentView
from app.web import access
from app.web.access import actor, current_person, now, requires, signed_in
from app.web.applications.listing import PLACE
from app.web.filters import plural
from app.web.htmx import page_or_fragment, see_other
from app.web.incident.forms import TokensForm, show_faults

blueprint = Blueprint("incident", __name__)
DONE = {Stop.DISABLE: "Disabled", Stop.REVOKE: "Revoked"}


@blueprint.get("/incident")
@requires(Deed.HANDLE_INCIDENT)
def page() -> Response:
    """The tokens that have something in common, and the last incidents."""
    return _page(TokensForm(request.args), request.args)


@blueprint.post("/incident")
@requires(Deed.HANDLE_INCIDENT)
def stop() -> AnyResponse:
    """Disable or revoke all that the form names."""
    how, reason = request.form.get("stop", ""), request.form.get("reason", "")
    try:
        stopped = stop_tokens(Wanted(how, _named(), reason), actor(), now())
    except Invalid as invalid:
        return _page(TokensForm(request.form), request.form, status=422, faults=invalid.fields, opened=how)
    except Conflict as conflict:
        return _page(TokensForm(request.form), request.form, status=409, problem=conflict.sentence)
    return _done(how, stopped)


@blueprint.get("/incident/<incident_id>")
@signed_in
def incident(incident_id: str) -> Response:
    """What was stopped in one incident, and how each token is now."""
    return _incident(_found(incident_id))


@blueprint.post("/incident/<incident_id>/undo")
@signed_in
def undo(incident_id: str) -> AnyResponse:
    """Enable again what one has just disabled."""
    found = _found(incident_id)
    try:
        count = undo_incident(found.id, actor(), now())
    except Conflict as conflict:
        return _incident(found, status=409, problem=conflict.sentence)
    flash(f"Enabled {plural(count, 'token')} again.", "success")
    return see_other(url_for(".incident", incident_id=found.id))


@blueprint.route("/applications/<application_id>/credentials/stopping", methods=["GET", "POST"])
@signed_in
def preview(application_id: str) -> AnyResponse:
    """What stopping the ticked tokens would hit. Changes nothing: it is posted because a long list fits no address."""
    view, how = _application(application_id), request.values.get("stop", "")
    try:
        wanted = rules.stop(how)
        access.require(wanted.deed, view.relation)
        ids = rules.chosen(_named())
    except Unfit as unfit:
        flash(f"{unfit} Nothing was changed.", "error")
        return see_other(url_for("applications.credentials", application_id=view.id, **_place()))
    return _preview(view, wanted, ids)


@blueprint.post("/applications/<application_id>/credentials/stop")
@signed_in
def stop_chosen(application_id: str) -> AnyResponse:
    """Disable or revoke the tokens that the preview named."""
    view, how = _application(application_id), request.form.get("stop", "")
    wanted = Wanted(how, _named(), request.form.get("reason", ""), view.id)
    try:
        stopped = stop_tokens(wanted, actor(), now())
    except Invalid as invalid:
        if invalid.fields.keys() != {"reason"}:
            raise
        return _preview(view, Stop(how), wanted.token_ids, status=422, fault=invalid.fields["reason"])
    return _done(how, stopped)


def _place() -> Mapping[str, Any]:
    """Where in the list of tokens they were ticked."""
    return {name: request.values[name] for name in PLACE if request.values.get(name)}


def _named() -> list[str]:
    """The tokens of the form: ticked one by one, or in one field."""
    return [each for field in request.values.getlist("token") for each in field.split(",") if each]


def _done(how: str, stopped: Stopped) -> AnyResponse:
    flash(f"{DONE[Stop(how)]} {plural(stopped.count, 'token')}. They verify no more.", "success")
    return see_other(url_for(".incident", incident_id=stopped.incident_id))


def _application(application_id: str) -> ApplicationView:
    view = applications.find(db.session(), current_person(), application_id)
    if view is None:
        raise NotFound
    return view


def _found(incident_id: str) -> IncidentView:
    found = incidents.find(db.session(), current_person(), incident_id)
    if found is None:
        raise NotFound
    return found


def _page(
    form: TokensForm,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    problem: str | None = None,
    faults: Mapping[str, str] | None = None,
    opened: str = "",
) -> Response:
    asked = {name: typed[name] for name in FIELDS if typed.get(name)}
    match = None
    try:
        if asked:
            wanted = chosen_tokens.selection(db.session(), asked)
            match = chosen_tokens.matching(db.session(), current_person(), wanted, now())
    except Invalid as invalid:
        show_faults(form, invalid)
        status = 422
    return page_or_fragment(
        "incident/page.html",
        "incident/_choice.html",
        status=status,
        title="Incident",
        form=form,
        asked=asked,
        match=match,
        hits=_hits(match),
        recent=incidents.recent(db.session(), current_person()),
        problem=problem or next((text for name, text in (faults or {}).items() if name != "reason"), None),
        opened=opened,
        fault=(faults or {}).get("reason"),
        reason=typed.get("reason", ""),
        now=now(),
    )


def _hits(match: Match | None) -> Mapping[str, Sequence[ChosenToken]]:
    lines = match.lines if match else ()
    return {each.value: [line for line in lines if each.hits(line.status)] for each in Stop}


def _preview(
    view: ApplicationView, wanted: Stop, ids: Sequence[str], *, status: int = 200, fault: str | None = None
) -> Response:
    lines = chosen_tokens.of_application(db.session(), current_person(), view.id, ids, now())
    shown = render_template(
        "incident/preview.html",
        title=f"{wanted.value.capitalize()} tokens",
        view=view,
        stop=wanted,
        hit=[line for line in lines if wanted.hits(line.status)],
        spared=[line for line in lines if not wanted.hits(line.status)],
        place=_place(),
        fault=fault,
        reason=request.form.get("reason", ""),
        now=now(),
    )
    return make_response(shown, status)


def _incident(found: IncidentView, *, status: int = 200, problem: str | None = None) -> Response:
    lines = incidents.tokens(db.session(), found.id, now())
    shown = render_template(
        "incident/incident.html",
        title="Incident",
        found=found,
        lines=lines,
        can_undo=_can_undo(found, lines),
        undo_until=found.at + lifecycle.UNDO_DISABLE,
        problem=problem,
        now=now(),
    )
    return make_response(shown, status)


def _can_undo(found: IncidentView, lines: Sequence[ChosenToken]) -> bool:
    in_time = lifecycle.is_undo(found.actor_id, found.at, current_person().id, now())
    return found.stop is Stop.DISABLE and in_time and any(line.status is Status.DISABLED for line in lines)

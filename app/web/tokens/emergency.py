"""Activate and deactivate emergency access, in its region of the Security tab."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid
from app.domain.instants import instant
from app.domain.roles import Deed
from app.services.emergency import activate_emergency_access, deactivate_emergency_access
from app.web import access
from app.web.access import actor, now, signed_in
from app.web.htmx import see_other
from app.web.sign_in.password_again import password_question
from app.web.tokens import frame, security
from app.web.tokens.area import blueprint
from app.web.tokens.emergency_region import Typed
from app.web.tokens.forms import ActivateEmergencyForm, DeactivateEmergencyForm, show_faults


@blueprint.post("/tokens/<token_id>/emergency/activate")
@signed_in
def activate_emergency(token_id: str) -> AnyResponse:
    """Lift the token's address and time restrictions for some hours."""
    if (question := _question(token_id)) is not None:
        return question
    form = ActivateEmergencyForm()
    try:
        ends_at = activate_emergency_access(token_id, form.hours.data or "", form.reason.data or "", actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return _again(token_id, 422, Typed(form))
    except Conflict as conflict:
        return _again(token_id, 409, Typed(form, conflict.sentence))
    return _done(token_id, f"Activated. Address and time restrictions are lifted until {instant(ends_at)}.")


@blueprint.post("/tokens/<token_id>/emergency/deactivate")
@signed_in
def deactivate_emergency(token_id: str) -> AnyResponse:
    """End it now. Where it has ended already there is nothing to be done, and that is said."""
    if (question := _question(token_id)) is not None:
        return question
    form = DeactivateEmergencyForm()
    try:
        deactivate_emergency_access(token_id, form.reason.data or "", actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return _again(token_id, 422, Typed(form))
    except Conflict as conflict:
        flash(f"{conflict.sentence} Nothing was done twice.", "info")
        return see_other(url_for("tokens.security", token_id=token_id))
    return _done(token_id, "Emergency access has ended. Every restriction of this token holds again.")


def _question(token_id: str) -> Response | None:
    """The page that asks for the password, of whoever may do this at all."""
    access.require(Deed.USE_EMERGENCY_ACCESS, frame.load(token_id).application.relation)
    return password_question()


def _again(token_id: str, status: int, typed: Typed) -> Response:
    return security.page(frame.load(token_id), status=status, typed=typed, fragment="tokens/_emergency.html")


def _done(token_id: str, sentence: str) -> AnyResponse:
    # The whole page is new: the banner stands outside the tab.
    flash(sentence, "success")
    return see_other(url_for("tokens.security", token_id=token_id))

"""Disable, enable and revoke: a press each, confirmed in a dialog of the token's page."""

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid
from app.domain.lifecycle import Status
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.web.access import actor, now, signed_in
from app.web.htmx import see_other
from app.web.tokens import frame, overview
from app.web.tokens.area import blueprint
from app.web.tokens.frame import Refused


@blueprint.post("/tokens/<token_id>/disable")
@signed_in
def disable(token_id: str) -> Response:
    """Switch the token off."""
    try:
        disable_token(token_id, _reason(), actor(), now())
    except Invalid as invalid:
        return _asked_again(token_id, "disable", invalid)
    except Conflict as conflict:
        return _too_late(token_id, Status.DISABLED, conflict)
    return _done(token_id, "Disabled. Every verification that starts now is refused.")


@blueprint.post("/tokens/<token_id>/enable")
@signed_in
def enable(token_id: str) -> Response:
    """Switch the token on, or ask for it."""
    try:
        enabled = enable_token(token_id, _reason(), actor(), now())
    except Invalid as invalid:
        return _asked_again(token_id, "enable", invalid)
    except Conflict as conflict:
        return _too_late(token_id, Status.ACTIVE, conflict)
    if enabled.request_id is not None:
        return _done(token_id, "Asked to enable this token. It stays disabled until somebody else approves.")
    return _done(token_id, "Enabled. Its key verifies again.")


@blueprint.post("/tokens/<token_id>/revoke")
@signed_in
def revoke(token_id: str) -> Response:
    """End the token for good."""
    try:
        revoke_token(token_id, _reason(), actor(), now())
    except Invalid as invalid:
        return _asked_again(token_id, "revoke", invalid)
    except Conflict as conflict:
        return _too_late(token_id, Status.REVOKED, conflict)
    return _done(token_id, "Revoked. No key of this token verifies any more.")


def _reason() -> str:
    return request.form.get("reason", "")


def _done(token_id: str, sentence: str) -> Response:
    flash(sentence, "success")
    return see_other(url_for("tokens.overview", token_id=token_id))


def _asked_again(token_id: str, dialog: str, invalid: Invalid) -> Response:
    refused = Refused(dialog, invalid.fields, {"reason": _reason()})
    return overview.page(frame.load(token_id), status=422, refused=refused)


def _too_late(token_id: str, wanted: Status, conflict: Conflict) -> Response:
    """A second press finds done what it wanted, and is no failure; anything else is."""
    shown = frame.load(token_id)
    if shown.token.status is wanted:
        flash(f"This token was {wanted.value} already. Nothing was done twice.", "info")
    elif wanted is Status.ACTIVE and shown.waiting:
        flash("A request about this token already waits. Nothing was asked twice.", "info")
    else:
        return overview.page(shown, status=409, problem=conflict.sentence)
    return see_other(url_for("tokens.overview", token_id=token_id))

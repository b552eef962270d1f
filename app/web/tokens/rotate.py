"""Rotate a key, and finish an overlap. The answer to a rotation is the page with the new key."""

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid
from app.services.tokens.rotate import finish_rotation, rotate_key
from app.web.access import actor, now, signed_in
from app.web.htmx import see_other
from app.web.tokens import frame, key_page, overview
from app.web.tokens.area import blueprint
from app.web.tokens.forms import RotateForm
from app.web.tokens.frame import Refused


@blueprint.post("/tokens/<token_id>/rotate")
@signed_in
def rotate(token_id: str) -> Response:
    """Give the token a new key and show it, this once. Sent again, or second of two, it changes nothing: 409."""
    form = RotateForm()
    key_id, overlap, reason = form.key_id.data or "", form.overlap.data or "", form.reason.data or ""
    try:
        rotated = rotate_key(token_id, key_id, overlap, actor(), now(), reason)
    except Invalid as invalid:
        refused = Refused("rotate", invalid.fields, {"overlap": overlap, "reason": reason})
        return overview.page(frame.load(token_id), status=422, refused=refused)
    except Conflict as conflict:
        return overview.page(frame.load(token_id), status=409, problem=conflict.sentence)
    return key_page.shown_once(token_id, rotated.key, old_key_stops_at=rotated.old_key_stops_at)


@blueprint.post("/tokens/<token_id>/finish")
@signed_in
def finish(token_id: str) -> Response:
    """End the overlap now. Where it has ended already there is nothing to be done, and that is said."""
    try:
        finish_rotation(token_id, request.form.get("key_id", ""), actor(), now())
    except Conflict as conflict:
        flash(conflict.sentence, "info")
    else:
        flash("The old key has stopped: only the new one verifies.", "success")
    return see_other(url_for("tokens.overview", token_id=token_id))

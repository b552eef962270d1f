"""News for the banner, asked for by pages that stay open."""

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.identifiers import Kind, is_id
from app.web.access import in_background, signed_in
from app.web.emergency import banner
from app.web.htmx import see_other, wants_fragment

blueprint = Blueprint("emergency", __name__)


@blueprint.get("/emergency")
@signed_in
@in_background
def news() -> Response:
    """What is open now, where that is something else than what the page shows; nothing, so that nothing is read out
    anew, where it is the same. As a page, Home, which lists it."""
    if not wants_fragment():
        return see_other(url_for("home.page"))
    token_id = request.args.get("token", "")
    found = banner.of(token_id if is_id(Kind.TOKEN, token_id) else None)
    if found is None or found.seen == request.args.get("seen", ""):
        return make_response("", 204)
    return make_response(render_template("emergency/_banner.html", emergency_banner=found))

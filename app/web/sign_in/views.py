"""Signing in and out."""

from flask import Blueprint
from werkzeug.wrappers import Response

from app.services.sessions import sign_out as end_own_session
from app.web.access import actor, anyone, now, signed_in, signed_in_person
from app.web.htmx import see_other
from app.web.sign_in import browser

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/login")
@anyone
def form() -> str:
    """Ask who is there."""
    return "Sign in"


@blueprint.post("/logout")
@signed_in
def sign_out() -> Response:
    """End this session: a cookie copied before is worth nothing afterwards."""
    end_own_session(signed_in_person().session_id, actor(), now())
    browser.forget()
    return see_other("/login")

"""Signing in and out."""

from flask import Blueprint, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.domain.errors import TooMany
from app.services.sessions import sign_out as end_own_session
from app.services.sign_in import WrongPassword
from app.services.sign_in import sign_in as start_session
from app.web.access import actor, anyone, now, signed_in, signed_in_person
from app.web.htmx import see_other
from app.web.sign_in import browser, destination, password_again, question
from app.web.sign_in.forms import SignInForm
from app.web.sign_in.kept import carried_along

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/login")
@anyone
def form() -> Response:
    """Ask who is there."""
    if current_user.is_authenticated:
        return see_other(destination.safe(request.args.get("next")))
    return question.page(SignInForm())


@blueprint.post("/login")
@anyone
def sign_in() -> Response:
    """Sign in, and go to the page that was asked for, or offer to send what was kept."""
    typed, kept = SignInForm(), carried_along()
    email, password = typed.email.data or "", typed.password.data or ""
    try:
        secret = start_session(email, password, browser.attempts(), actor(), now())
    except (WrongPassword, TooMany) as refusal:
        return question.page(typed, refusal, kept)
    browser.keep(secret)
    if kept is not None:
        return make_response(render_template("sign_in/send_again.html", kept=kept))
    return see_other(destination.safe(request.args.get("next")))


@blueprint.post("/logout")
@anyone
def sign_out() -> Response:
    """End this session, if there is one: a cookie copied before is worth nothing afterwards."""
    if current_user.is_authenticated:
        end_own_session(signed_in_person().session_id, actor(), now())
    browser.forget()
    return see_other(url_for("sign_in.form"))


@blueprint.post("/password-again")
@signed_in
def type_password() -> Response:
    """Take the password that a page asked for before it opened, and go on to that page."""
    refusal = password_again.check()
    if refusal is not None:
        return password_again.ask(request.full_path, (), refusal)
    return see_other(destination.safe(request.args.get("next")))

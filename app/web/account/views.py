"""A person's own page."""

from flask import Blueprint, flash, render_template, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, TooMany
from app.services import sessions as services
from app.services.people import change_password
from app.services.sign_in import WrongPassword
from app.store.database import db
from app.store.queries import sessions
from app.web.access import actor, current_person, now, signed_in, signed_in_person
from app.web.account.browsers import browser_name
from app.web.account.forms import PasswordForm
from app.web.htmx import see_other
from app.web.sign_in import browser
from app.web.sign_in.answers import NotTaken, answer

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in
def page() -> Response:
    """Who one is here, and where one is signed in."""
    return _page(PasswordForm())


@blueprint.post("/account/sessions/<session_id>/end")
@signed_in
def end_session(session_id: str) -> Response:
    """Sign one of one's own browsers out."""
    services.end_session(session_id, actor(), now())
    flash("That session has ended.", "success")
    return see_other(url_for("account.page"))


@blueprint.post("/account/password")
@signed_in
def set_password() -> Response:
    """Change the password: every session ends, and this browser is given a new one."""
    form = PasswordForm()
    current, new = form.current_password.data or "", form.new_password.data or ""
    try:
        secret = change_password(current, new, browser.attempts(), actor(), now())
    except WrongPassword as wrong:
        form.current_password.errors = ["This is not your password."]
        return _page(form, wrong)
    except Invalid as invalid:
        form.new_password.errors = [invalid.fields["new_password"]]
        return _page(form, invalid)
    except TooMany as slowed:
        form.current_password.errors = [slowed.sentence]
        return _page(form, slowed)
    browser.keep(secret)
    flash("Your password is changed. You were signed out everywhere else.", "success")
    return see_other(url_for("account.page"))


def _page(form: PasswordForm, refusal: NotTaken | Invalid | None = None) -> Response:
    person, here = current_person(), signed_in_person().session_id
    lines = sessions.of_person(db.session(), person, now())
    facts = {"person": person, "sessions": lines, "here": here, "browser_name": browser_name}
    return answer(render_template("account/page.html", form=form, now=now(), **facts), refusal)

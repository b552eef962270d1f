"""The page of a one-time link. Opening it changes nothing, so that mail scanners may."""

from flask import Blueprint, flash, render_template, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, TooMany
from app.services.links import LinkOver, set_password
from app.store.database import db
from app.store.queries.people import open_link
from app.web.access import actor, anyone, now
from app.web.htmx import see_other
from app.web.sign_in import browser
from app.web.sign_in.answers import answer
from app.web.welcome.forms import NewPasswordForm

blueprint = Blueprint("welcome", __name__)


@blueprint.get("/welcome/<secret>")
@anyone
def page(secret: str) -> Response:
    """Say who made the link, and ask for a password."""
    return _page(secret, NewPasswordForm())


@blueprint.post("/welcome/<secret>")
@anyone
def use(secret: str) -> Response:
    """Set the password and use the link up. Then the person signs in, which shows that they know what they typed."""
    form = NewPasswordForm()
    try:
        set_password(secret, form.password.data or "", actor(), now())
    except Invalid as invalid:
        form.password.errors = [invalid.fields["password"]]
        return _page(secret, form, invalid)
    except TooMany as busy:
        form.password.errors = [busy.sentence]
        return _page(secret, form, busy)
    browser.forget()
    flash("Your password is set. Sign in with it.", "success")
    return see_other(url_for("sign_in.form"))


def _page(secret: str, form: NewPasswordForm, refusal: Invalid | TooMany | None = None) -> Response:
    link = open_link(db.session(), secret, now())
    if link is None:
        raise LinkOver
    return answer(render_template("welcome/page.html", link=link, form=form, now=now()), refusal)

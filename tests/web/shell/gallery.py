"""Every component on pages of its own, behind the real shell and without the rest of Postern."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, flash, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.domain.errors import Conflict, Invalid, NotAllowed, TooMany
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.domain.scopes import Scope
from app.web import errors, headers, shell, typed_keys
from app.web.htmx import announce, page_or_fragment, see_other

HERE = Path(__file__).parent
APP = Path(errors.__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = "pst_" + "7Qm3hT2vZbW9cRkXyN4pLs8dFgJ6aEuQ0iV1x9KfAbCdEfGhI"
SCOPES = {
    "invoice": (
        Scope("invoice:read", Risk.LOW, description="See invoices and their lines"),
        Scope("invoice:write", Risk.MEDIUM, description="Create and correct invoices"),
    ),
    "payout": (Scope("payout:create", Risk.HIGH, description="Send money out of the house"),),
}
FAILURES = {
    "refused": NotAllowed("You may not rotate this token's key."),
    "conflict": Conflict("Grace Hopper has already approved this request."),
    "invalid": Invalid({"name": "Enter a name."}),
    "too-many": TooMany("Too many attempts. Wait 30 seconds.", retry_after=30),
    "database": OperationalError("SELECT 1", {}, Exception("gone")),
    "bug": ZeroDivisionError("a bug with pst_ in it"),
}


pages = Blueprint("pages", __name__)


class GalleryForm(FlaskForm):
    name = StringField("Name", validators=[Length(min=1, message="Enter a name.")])
    description = TextAreaField("Description")
    email = EmailField("Email")
    unit = SelectField("Rate limit", choices=["minute", "hour"])
    expires_at = RadioField("Expires at", choices=["1 week", "1 month", "No expiration"], default="1 month")
    advanced = BooleanField("Send a copy")
    reason = TextAreaField("Reason", validators=[Length(min=10, message="Say why, in at least 10 characters.")])


def create_gallery() -> Flask:
    """The gallery, with form tokens, headers, error pages and a person who is signed in."""
    app = Flask("gallery", template_folder=str(APP / "templates"), static_folder=str(APP / "static"))
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(APP / "templates"), FileSystemLoader(HERE / "templates")])
    app.config.update(SECRET_KEY="gallery only", MAX_CONTENT_LENGTH=100_000)
    CSRFProtect(app)
    headers.init_app(app)
    typed_keys.init_app(app)
    errors.init_app(app)
    shell.init_app(app)
    app.context_processor(_signed_in)
    app.register_blueprint(pages)
    return app


def _signed_in() -> dict[str, object]:
    links = {"Home": "/", "Applications": "/token", "Approvals": "/approvals", "Scopes": "/form", "Audit": "/empty"}
    navigation = [
        shell.NavItem(label, href, badge=3 * (label == "Approvals"), current=request.path == href)
        for label, href in links.items()
    ]
    person = Person("usr_1", "Ada Byron", "ada@example.com", Role.ADMINISTRATOR)
    return {"navigation": navigation, "person": person, "now": NOW, "timedelta": timedelta}


@pages.get("/")
def home() -> str:
    flash("Token disabled. No verification succeeds with it any more.", "success")
    flash("Somebody else was first.", "error")
    return render_template("gallery_empty.html", title="Home")


@pages.get("/empty")
def empty() -> str:
    return render_template("gallery_empty.html", title="Audit")


@pages.get("/token")
@pages.get("/token/<tab>")
def token(tab: str = "overview") -> Response:
    labels = {"overview": "Overview", "acl": "ACL", "security": "Security", "activity": "Activity"}
    tabs = [shell.Tab(label, f"/token/{name}", current=name == tab) for name, label in labels.items()]
    title = f"billing-worker {tab}"
    return page_or_fragment("gallery_token.html", "_gallery_tab.html", title=title, tab=tab, tabs=tabs)


@pages.get("/approvals")
def approvals() -> str:
    return render_template("gallery_approvals.html", title="Approvals")


@pages.get("/sign-in")
def sign_in() -> str:
    return render_template("gallery_sign_in.html", title="Sign in", form=GalleryForm())


@pages.get("/form")
def form() -> Response:
    return _form(GalleryForm())


@pages.post("/form")
def save() -> Response:
    form = GalleryForm()
    if form.name.data == "taken":
        return _form(form, status=409)
    if not form.validate_on_submit():
        return _form(form, status=422)
    return announce(_form(form), "Saved.")


def _form(form: GalleryForm, status: int = 200) -> Response:
    return page_or_fragment(
        "gallery_form.html",
        "_gallery_form.html",
        status=status,
        title="Form",
        form=form,
        groups=SCOPES,
        stale=status == 409,
    )


@pages.post("/go")
def go() -> AnyResponse:
    return see_other("/approvals")


@pages.get("/key")
def key() -> str:
    return render_template("gallery_key.html", title="Copy this key now", key=KEY)


@pages.route("/fail/<name>", methods=["GET", "POST"])
@pages.route("/api/fail/<name>", methods=["GET", "POST"])
def fail(name: str) -> str:
    if name.isdigit():
        abort(int(name))
    raise FAILURES[name]

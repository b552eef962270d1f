"""Who asks for a page, or posts a form, without being signed in is asked who they are."""

from flask import Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.access import is_in_background
from app.web.error_pages import ErrorPage
from app.web.headers import request_id
from app.web.htmx import see_other, wants_fragment
from app.web.sign_in.answers import NotTaken, answer
from app.web.sign_in.forms import SignInForm
from app.web.sign_in.kept import Kept, this_post

NOT_SIGNED_IN = ErrorPage(
    "not_signed_in",
    "You are not signed in any more",
    "Your session has ended.",
    remedy="Sign in again in another tab, then send this once more.",
)


def who_is_there() -> AnyResponse:
    """The way to the sign-in page and back. For a post the sign-in page at once, with what was posted kept in it; in an
    htmx page, which keeps what was typed by itself, only a notice. A page that asks by itself is told nothing."""
    if is_in_background():
        return make_response("", 204)
    if request.method != "POST":
        return see_other(url_for("sign_in.form", next=request.full_path.rstrip("?")))
    response = _notice() if wants_fragment() else page(SignInForm(formdata=None), kept=this_post())
    response.status_code = 401
    return response


def page(form: SignInForm, refusal: NotTaken | None = None, kept: Kept | None = None) -> Response:
    """The sign-in page, with what goes along with the sign-in."""
    action = url_for("sign_in.sign_in", next=request.args.get("next"))
    facts = {"action": action, "kept": kept, "refusal": refusal, "ended": NOT_SIGNED_IN}
    return answer(render_template("sign_in/page.html", form=form, **facts), refusal)


def _notice() -> Response:
    facts = {"page": NOT_SIGNED_IN, "happened": NOT_SIGNED_IN.happened, "request_id": request_id()}
    response = make_response(render_template("errors/_notice.html", **facts))
    response.headers.update({"HX-Retarget": "#flash", "HX-Reswap": "innerHTML show:top", "HX-Push-Url": "false"})
    return response

"""The password once more, before what cannot be taken back easily (SPEC 2): if it was last typed over 10 minutes ago.

    @blueprint.post("/people/<person_id>/role")
    @requires(Deed.MANAGE_PEOPLE)
    @password_again                       # below the access mark
    def set_role(person_id: str) -> Response: ...

or, where only some posts need it, in the view, once it knows: `if (question := password_question()): return question`.

A post is kept in the page that asks, and goes to its own address again together with the password; so nothing that was
typed is lost, and the view sees the same form as if nothing had been asked."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import TooMany
from app.domain.sessions import password_is_fresh
from app.services.sign_in import WrongPassword, type_again
from app.web.access import actor, now, signed_in_person
from app.web.htmx import wants_fragment
from app.web.sign_in import browser, kept
from app.web.sign_in.answers import NotTaken, answer

FIELD = "password_again"
P = ParamSpec("P")


def password_again(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Ask for the password before the view runs, if it was not typed within the last 10 minutes."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return password_question() or view(*args, **kwargs)

    return guarded


def password_question() -> Response | None:
    """The page that asks for the password; None where it was typed lately, or came with this post and is right."""
    if password_is_fresh(signed_in_person().password_at, now()):
        return None
    if request.method != "POST":
        return ask(url_for("sign_in.type_password", next=request.full_path), ())
    refusal = check() if FIELD in request.form else None
    if FIELD in request.form and refusal is None:
        return None
    return ask(request.full_path.rstrip("?"), kept.fields(besides=frozenset({FIELD})), refusal)


def check() -> NotTaken | None:
    """Take the password of this post; why it is not taken, or None where it is right."""
    try:
        password = request.form.get(FIELD, "")
        type_again(signed_in_person().session_id, password, browser.attempts(), actor(), now())
    except (WrongPassword, TooMany) as refusal:
        return refusal
    return None


def ask(action: str, typed: kept.Pairs, refusal: NotTaken | None = None) -> Response:
    """The page with one password field, posting to `action` with what was typed. In an htmx page it takes the place of
    the main part."""
    template = "sign_in/_password_again.html" if wants_fragment() else "sign_in/password_again.html"
    facts = {"action": action, "typed": typed, "field_name": FIELD, "refusal": refusal}
    response = answer(render_template(template, email=signed_in_person().person.email, **facts), refusal)
    if wants_fragment():
        response.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerHTML show:top", "HX-Push-Url": "false"})
    return response

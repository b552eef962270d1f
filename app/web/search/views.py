"""The search box of every page. It posts, so that a key which somebody pastes stands in no address, history or log.
What was looked for stands in the address of the list then; of a key, only its hint."""

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import search as rules
from app.domain.errors import Unfit
from app.domain.search import Sought
from app.store.database import db
from app.store.queries import applications, search
from app.store.queries.applications import VerifyingService
from app.store.queries.search import Found, FoundRefusal
from app.web.access import current_person, now, signed_in
from app.web.filters import relative
from app.web.htmx import see_other
from app.web.tokens import trying

blueprint = Blueprint("search", __name__)
WHOLE_KEY = (
    "That was a whole key. Postern looked for its last four characters and kept nothing else of it. If it lay where"
    " others could read it, rotate it."
)


@blueprint.get("/search")
@signed_in
def page() -> AnyResponse:
    """What was found, or the one thing itself; without a question, what can be looked for."""
    typed = request.args.get("q", "")
    if not typed:
        return _page()
    try:
        sought = rules.read(typed)
    except Unfit as unfit:
        return _page(fault=str(unfit))
    # A key that came by the address goes from there at once, and so from the browser's history.
    return _answer(sought, listed=sought.was_key)


@blueprint.post("/search")
@signed_in
def find() -> AnyResponse:
    """Go to the one thing that is found, or to the list of several."""
    typed = request.form.get("q", "")
    if not typed.strip():
        return see_other(url_for(".page"))
    try:
        sought = rules.read(typed)
    except Unfit as unfit:
        return _page(fault=str(unfit))
    return _answer(sought, listed=True)


def _answer(sought: Sought, *, listed: bool) -> AnyResponse:
    """The one thing; of several the list, or `listed` the way to it."""
    found = search.find(db.session(), current_person(), sought, now())
    services = _services(found)
    places = set(_places(found, services))
    if sought.was_key:
        flash(WHOLE_KEY, "info")
    if len(places) == 1:
        for each in found.refusals[:1]:
            flash(_told(each), "info")
        return see_other(places.pop())
    return _listed(sought) if listed else _page(sought=sought, found=found, services=services)


def _listed(sought: Sought) -> AnyResponse:
    return see_other(url_for(".page", q=sought.text))


def _places(found: Found, services: Mapping[str, VerifyingService]) -> Iterator[str]:
    for application in found.applications:
        yield url_for("applications.overview", application_id=application.id)
    for token in (*found.tokens, *found.keys):
        yield url_for("tokens.overview", token_id=token.id)
    for refused in found.refusals:
        yield trying.again(refused.token_id, refused.refusal, services.get(refused.refusal.caller_token_id or ""))


def _services(found: Found) -> Mapping[str, VerifyingService]:
    """The services that asked and were refused, by their tokens, where the person may see them."""
    callers = {each.refusal.caller_token_id for each in found.refusals if each.refusal.caller_token_id}
    return applications.holding(db.session(), current_person(), callers) if callers else {}


def _told(refused: FoundRefusal) -> str:
    refusal = refused.refusal
    return (
        f"Request {refusal.request_id} was refused as {refusal.code.value} {relative(refusal.at, now())}. It is asked"
        " once more below, for that instant. Scopes, method and path are not kept: type them to ask for the same."
    )


def _page(
    *,
    sought: Sought | None = None,
    found: Found | None = None,
    services: Mapping[str, VerifyingService] | None = None,
    fault: str | None = None,
) -> Response:
    # What was refused is not repeated: it may be a piece of a key.
    shown = render_template(
        "search/page.html",
        title="Search",
        sought=sought,
        found=found,
        services=services or {},
        again=trying.again,
        fault=fault,
        now=now(),
    )
    return make_response(shown, 422 if fault else 200)

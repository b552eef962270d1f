"""Applications: the list, a new one, and the Overview of one."""

from flask import Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import application_history
from app.domain.applications import described
from app.domain.errors import Conflict, Invalid
from app.domain.roles import Deed, may
from app.domain.scopes import AnswersFor
from app.services.applications.create import create_application
from app.store.database import db
from app.store.queries import applications, members
from app.web import sorting
from app.web.access import actor, current_person, now, requires, signed_in
from app.web.applications import area, credentials, people, settings
from app.web.applications.area import blueprint
from app.web.applications.forms import DetailsForm, show_faults
from app.web.htmx import page_or_fragment, see_other

__all__ = ["blueprint", "credentials", "people", "settings"]
# Each column, and the word by which the list is sorted at the first press.
COLUMNS = (
    ("Name", "name"),
    ("Owner", "owner"),
    ("You are", None),
    ("Live tokens", "-tokens"),
    ("Status", "status"),
)


@blueprint.get("")
@signed_in
def listing() -> Response:
    """The applications that the person may see, as the address searches and sorts them."""
    search, after = request.args.get("q", ""), request.args.get("after", "")
    order = sorting.asked(COLUMNS, applications.BY_NAME, ".listing", {"q": search})
    found = applications.listed(db.session(), current_person(), now(), search=search, sort=order.sort, after=after)
    return page_or_fragment(
        "applications/listing.html",
        "applications/_listing.html",
        title="Applications",
        found=found,
        search=search,
        order=order,
        is_later=bool(after),
        sees_all=may(Deed.SEE_APPLICATION, current_person().role),
    )


@blueprint.get("/new")
@requires(Deed.CREATE_APPLICATION)
def new() -> str:
    """Ask what the application is called."""
    return _new(DetailsForm())


@blueprint.post("/new")
@requires(Deed.CREATE_APPLICATION)
def create() -> AnyResponse:
    """Create it, and go on to where its first token is issued."""
    form = DetailsForm()
    try:
        created = create_application(form.name.data or "", form.description.data or "", actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return Response(_new(form), 422)
    except Conflict as conflict:
        return Response(_new(form, conflict.sentence), 409)
    flash("Application created. Issue its first token here.", "success")
    return see_other(url_for(".credentials", application_id=created))


@blueprint.get("/<application_id>")
@signed_in
def overview(application_id: str) -> Response:
    """What the application is, who works on it, and what happened lately."""
    view = area.found(application_id)
    return area.page(
        view,
        "Overview",
        "applications/_overview.html",
        answers_for=described(view.answers_for) if view.answers_for != AnswersFor() else None,
        people=members.application_people(db.session(), view.id),
        counts=applications.token_counts(db.session(), view.id, now()),
        happenings=[
            (application_history.sentence(event, token_name), event)
            for event, token_name in applications.recent(db.session(), view.id)
        ],
    )


def _new(form: DetailsForm, problem: str | None = None) -> str:
    return render_template("applications/new.html", form=form, problem=problem)

"""People: the list, somebody new, and one person's page. Every change asks for the password if it was not typed lately,
and none is sent by htmx: an answer with a one-time link in it is a page of its own."""

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Deed
from app.services import links, people_standing
from app.services.people import add_person
from app.store.database import db
from app.store.queries import standing
from app.store.queries.standing import PersonLine
from app.web import sorting
from app.web.access import actor, now, requires
from app.web.htmx import page_or_fragment, see_other
from app.web.people.forms import PersonForm, RoleForm, show_faults
from app.web.sign_in.password_again import password_again

blueprint = Blueprint("people", __name__, url_prefix="/users")
# Each column, and the word by which the list is sorted at the first press.
COLUMNS = (
    ("Name", "name"),
    ("Email", "email"),
    ("Role", "-role"),
    ("Status", "status"),
    ("Last signed in", "-signed-in"),
    ("Owns", "-owns"),
)


@blueprint.get("")
@requires(Deed.MANAGE_PEOPLE)
def listing() -> Response:
    """Everybody, as the address searches and sorts them, and a form for somebody new."""
    return _list(PersonForm(formdata=None))


@blueprint.post("")
@requires(Deed.MANAGE_PEOPLE)
@password_again
def add() -> AnyResponse:
    """Add a person, and show their one-time link, this once."""
    form = PersonForm()
    try:
        added = add_person(form.email.data or "", form.name.data or "", request.form.get("role", ""), actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _list(form, status=422)
    return _link_page(_found(added.user_id), added.link_secret)


@blueprint.get("/<user_id>")
@requires(Deed.MANAGE_PEOPLE)
def page(user_id: str) -> Response:
    """One person: what they are, what is theirs, which live keys they saw."""
    found = _found(user_id)
    return _page(found, _role_form(found))


@blueprint.post("/<user_id>/role")
@requires(Deed.MANAGE_PEOPLE)
@password_again
def change_role(user_id: str) -> AnyResponse:
    """Give the person another role."""
    found, form = _found(user_id), RoleForm()
    try:
        name = people_standing.change_role(user_id, request.form.get("role", ""), actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _page(found, form, status=422)
    except Conflict as conflict:
        return _refused(user_id, conflict)
    flash(f"Saved. {name} has been signed out everywhere.", "success")
    return see_other(url_for(".page", user_id=user_id))


@blueprint.post("/<user_id>/deactivate")
@requires(Deed.MANAGE_PEOPLE)
@password_again
def deactivate(user_id: str) -> AnyResponse:
    """Take the person's account away. Their page then says what is left to do."""
    try:
        name = people_standing.deactivate(user_id, actor(), now())
    except Conflict as conflict:
        return _refused(user_id, conflict)
    flash(f"{name} is deactivated and has been signed out everywhere.", "success")
    return see_other(url_for(".page", user_id=user_id))


@blueprint.post("/<user_id>/link")
@requires(Deed.MANAGE_PEOPLE)
@password_again
def make_link(user_id: str) -> AnyResponse:
    """Make a one-time link, by which the person sets a new password, and show it, this once."""
    found = _found(user_id)
    return _link_page(found, links.make_link(found.person.id, actor(), now()))


def _found(user_id: str) -> PersonLine:
    found = standing.find(db.session(), user_id)
    if found is None:
        raise NotFound
    return found


def _role_form(found: PersonLine) -> RoleForm:
    return RoleForm(formdata=None, data={"role": found.person.role.value})


def _refused(user_id: str, conflict: Conflict) -> Response:
    """The person as they are now, and why nothing was changed."""
    found = _found(user_id)
    return _page(found, _role_form(found), status=409, problem=conflict.sentence)


def _list(form: PersonForm, *, status: int = 200) -> Response:
    search, after = request.args.get("q", ""), request.args.get("after", "")
    order = sorting.asked(COLUMNS, standing.BY_EMAIL, ".listing", {"q": search})
    return page_or_fragment(
        "people/listing.html",
        "people/_listing.html",
        status=status,
        title="People",
        found=standing.listed(db.session(), search=search, sort=order.sort, after=after),
        search=search,
        order=order,
        is_later=bool(after),
        form=form,
        now=now(),
    )


def _page(found: PersonLine, form: RoleForm, *, status: int = 200, problem: str | None = None) -> Response:
    context = {
        "title": found.person.name,
        "found": found,
        "user": found.person,
        "owned": standing.owned(db.session(), found.person.id, now()),
        "keys": standing.keys_shown_to(db.session(), found.person.id, now()),
        "form": form,
        "problem": problem,
        "now": now(),
    }
    return make_response(render_template("people/page.html", **context), status)


def _link_page(found: PersonLine, secret: str) -> Response:
    """The only answer that holds the link. It stands nowhere else: not in a flash, the cookie, a log or an event."""
    address = links.address(current_app.config["PUBLIC_URL"], secret)
    page = render_template("people/link.html", title=f"Link for {found.person.name}", user=found.person, link=address)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response

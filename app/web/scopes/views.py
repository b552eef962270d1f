"""The scope catalogue: the list, one scope with who holds it, and what administrators do to it."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import governance
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Deed, may
from app.domain.scopes import TOKEN_VERIFY, Scope
from app.services.governing import Saved
from app.services.scopes.edit import StaleScope, add_scope, edit_scope, set_retired
from app.store.database import db
from app.store.queries import approvals, catalogue_pages, holders, scopes
from app.store.queries.catalogue_pages import BY_RISK
from app.store.queries.scopes import ScopeView
from app.web.access import actor, current_person, now, requires, signed_in
from app.web.htmx import page_or_fragment, see_other
from app.web.scopes.filtering import FilterForm, wanted
from app.web.scopes.forms import AddScopeForm, EditScopeForm, filled, show_faults, typed
from app.web.sign_in.password_again import password_again

blueprint = Blueprint("scopes", __name__, url_prefix="/scopes")


@blueprint.get("")
@signed_in
def listing() -> Response:
    """The scopes that the address asks for: by name, grouped by resource, or by risk."""
    form = FilterForm(request.args)
    asked = wanted(form)
    found = catalogue_pages.page(db.session(), asked, request.args.get("after", ""))
    typed_in = {name: value for name, value in form.data.items() if value}
    return page_or_fragment(
        "scopes/listing.html",
        "scopes/_listing.html",
        title="Scopes",
        form=form,
        typed=typed_in,
        groups=_groups(found.scopes, by_risk=asked.sort == BY_RISK),
        older=url_for(".listing", **typed_in, after=found.after) if found.after else None,
        may_edit=may(Deed.EDIT_CATALOGUE, current_person().role),
        any_risen=holders.any_risen(db.session(), current_person(), now()),
    )


@blueprint.get("/review")
@signed_in
def review() -> Response:
    """The live tokens whose risk rose since somebody let them have their scopes."""
    found = holders.risen(db.session(), current_person(), now(), request.args.get("after", ""))
    older = url_for(".review", after=found.after) if found.after else None
    return page_or_fragment(
        "scopes/review.html", "scopes/_holders.html", title="Tokens to review", found=found, older=older
    )


@blueprint.get("/new")
@requires(Deed.EDIT_CATALOGUE)
def new() -> Response:
    """The form for a scope that is not there yet."""
    return _new(AddScopeForm(formdata=None))


@blueprint.post("/new")
@requires(Deed.EDIT_CATALOGUE)
@password_again
def add() -> AnyResponse:
    """Add a scope to the catalogue."""
    form = AddScopeForm()
    try:
        name = add_scope(form.name.data or "", typed(form), actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _new(form, status=422)
    flash(f"Added {name}. It can be given to tokens from now on.", "success")
    return see_other(url_for(".page", name=name))


@blueprint.get("/<name>")
@signed_in
def page(name: str) -> Response:
    """One scope whole, and for administrators the form to edit it."""
    found = _found(name)
    return _page(found, filled(found.scope, found.version))


@blueprint.post("/<name>")
@requires(Deed.EDIT_CATALOGUE)
@password_again
def save(name: str) -> AnyResponse:
    """Save what was typed, or ask for it where it loosens the scope."""
    form = EditScopeForm()
    try:
        saved = edit_scope(name, form.version.data or "", typed(form), actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid)
        return _page(_found(name), form, status=422)
    except StaleScope as stale:
        found = _found(name)
        form.version.data = str(found.version)
        return _page(found, form, status=409, problem=stale.sentence)
    except Conflict as conflict:
        return _page(_found(name), form, status=409, problem=conflict.sentence)
    return _saved(name, saved)


@blueprint.post("/<name>/retire")
@requires(Deed.EDIT_CATALOGUE)
@password_again
def retire(name: str) -> AnyResponse:
    """Give the scope to nobody any more; holders keep it."""
    return _switch(name, retired=True)


@blueprint.post("/<name>/offer")
@requires(Deed.EDIT_CATALOGUE)
@password_again
def offer(name: str) -> AnyResponse:
    """Ask that the scope is given out again."""
    return _switch(name, retired=False)


def _groups(found: Sequence[Scope], *, by_risk: bool) -> Sequence[tuple[str, Sequence[Scope]]]:
    """By resource, or as one group without a name."""
    if by_risk:
        return [("", found)] if found else []
    return [(name, list(scopes)) for name, scopes in groupby(found, key=lambda scope: scope.resource)]


def _switch(name: str, *, retired: bool) -> AnyResponse:
    form = EditScopeForm()
    try:
        saved = set_retired(name, form.version.data or "", retired, form.reason.data or "", actor(), now())
    except Invalid as invalid:
        found = _found(name)
        refused = {"typed": form.reason.data or "", "error": invalid.fields["reason"]}
        return _page(found, filled(found.scope, found.version), status=422, refused=refused)
    except Conflict as conflict:
        found = _found(name)
        return _page(found, filled(found.scope, found.version), status=409, problem=conflict.sentence)
    return _saved(name, saved)


def _saved(name: str, saved: Saved) -> AnyResponse:
    if saved.request_id is not None:
        flash("Asked for this change. The scope stays as it is until somebody else approves.", "success")
    elif saved.changes:
        flash("Saved. It holds from now on.", "success")
    else:
        flash("Nothing was changed: it is as it was.", "info")
    return see_other(url_for(".page", name=name))


def _found(name: str) -> ScopeView:
    found = scopes.find(db.session(), name)
    if found is None:
        raise NotFound
    return found


def _new(form: AddScopeForm, *, status: int = 200) -> Response:
    return make_response(render_template("scopes/new.html", title="New scope", form=form), status)


def _page(
    found: ScopeView,
    form: EditScopeForm,
    *,
    status: int = 200,
    problem: str | None = None,
    refused: dict[str, str] | None = None,
) -> Response:
    about = governance.scope(found.scope.name)
    held = holders.of_scope(db.session(), current_person(), found.scope.name, now(), request.args.get("after", ""))
    may_edit = may(Deed.EDIT_CATALOGUE, current_person().role)
    waiting = approvals.governed(db.session(), [about], now()).get(about) if may_edit else None
    return page_or_fragment(
        "scopes/page.html",
        "scopes/_scope.html",
        status=status,
        title=found.scope.name,
        scope=found.scope,
        version=found.version,
        may_edit=may_edit and found.scope.name != TOKEN_VERIFY,
        form=form,
        waiting=waiting,
        problem=problem,
        found=held,
        older=url_for(".page", name=found.scope.name, after=held.after) if held.after else None,
        refused=refused or {},
        now=now(),
    )

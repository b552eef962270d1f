"""The form that issues a token, what it says while it is being filled in, and its one answer with the key (SPEC 5)."""

from collections.abc import Mapping

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.identifiers import Kind, is_id, random_text
from app.domain.roles import Deed
from app.services.tokens.issue import FORM_ID_LENGTH, AlreadyIssued, IssueForm, issue_token
from app.store.database import db
from app.store.queries import applications, policy, scopes, tokens
from app.store.queries.applications import ApplicationView
from app.web import access
from app.web.access import actor, current_person, now, peer_address, signed_in
from app.web.htmx import page_or_fragment, see_other
from app.web.tokens import key_page, outlook, prefill
from app.web.tokens.area import blueprint
from app.web.tokens.forms import IssueTokenForm, show_faults

SENT_TWICE = (
    "This form has issued this token already. Its key was in that answer and cannot be shown again: if it never "
    "reached you, rotate the key, or cancel the request and issue another token."
)
FORM = "/applications/<application_id>/credentials/new"


@blueprint.get(FORM)
@signed_in
def new(application_id: str) -> Response:
    """The form, filled in as the address says. As a fragment: what the choices in the address would mean."""
    application = _application(application_id)
    form = IssueTokenForm(formdata=None, data=_prefilled(application))
    form.form_id.data = random_text(FORM_ID_LENGTH)
    return _page(application, form)


@blueprint.post(FORM)
@signed_in
def issue(application_id: str) -> AnyResponse:
    """Issue the token and show its key, this once. A form sent again leads to the token it issued."""
    application = _application(application_id)
    form = IssueTokenForm()
    try:
        issued = issue_token(_typed(application_id, form), actor(), now())
    except AlreadyIssued as before:
        flash(SENT_TWICE, "info")
        return see_other(url_for("tokens.overview", token_id=before.token_id))
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return _page(application, form, status=422)
    except Conflict as conflict:
        return _page(application, form, status=409, problem=conflict.sentence)
    return key_page.shown_once(issued.token_id, issued.key, issued.request_id)


def _application(application_id: str) -> ApplicationView:
    application = applications.find(db.session(), current_person(), application_id)
    if application is None:
        raise NotFound
    access.require(Deed.ISSUE_TOKEN, application.relation)
    return application


def _prefilled(application: ApplicationView) -> Mapping[str, object]:
    token_id = request.args.get("like", "")
    token = tokens.find(db.session(), current_person(), token_id, now()) if is_id(Kind.TOKEN, token_id) else None
    if token is not None and token.application.id == application.id:
        return prefill.like(token)
    return prefill.from_address(request.args)


def _typed(application_id: str, form: IssueTokenForm) -> IssueForm:
    return IssueForm(
        application_id=application_id,
        form_id=form.form_id.data or "",
        name=form.name.data or "",
        description=form.description.data or "",
        scopes=tuple(form.scopes.data or ()),
        expires=form.expires.data or "",
        expires_on=form.expires_on.data or "",
        reason=form.reason.data or "",
        restrictions=form.restrictions,
    )


def _page(
    application: ApplicationView, form: IssueTokenForm, *, status: int = 200, problem: str | None = None
) -> Response:
    catalogue = scopes.catalogue(db.session())
    typed = _typed(application.id, form)
    current = policy.current(db.session())
    return page_or_fragment(
        "tokens/new.html",
        "tokens/_outlook.html",
        status=status,
        title="Issue token",
        application=application,
        form=form,
        picked=typed.scopes,
        groups=outlook.by_resource(catalogue),
        outlook=outlook.of(typed.scopes, catalogue, typed.expires, typed.expires_on, current, now()),
        problem=problem,
        own_address=peer_address(),
        now=now(),
    )

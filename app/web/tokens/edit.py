"""Edit a part of a token in place on its Overview, with what saving would mean said before it is saved (SPEC 6, 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import history, lifecycle
from app.domain.approval import Policy
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.events import Event
from app.domain.lifecycle import Verb
from app.domain.roles import Deed
from app.services.tokens.edit import Edited, EditForm, Stale, edit_token
from app.store.database import db
from app.store.queries import history as events_of
from app.store.queries import policy, scopes
from app.store.queries.tokens import TokenView
from app.web import access
from app.web.access import actor, now, signed_in
from app.web.htmx import announce, see_other, wants_fragment
from app.web.tokens import editing, frame, outlook, overview
from app.web.tokens.area import blueprint
from app.web.tokens.editing import Editing
from app.web.tokens.forms import (
    EditDetailsForm,
    EditExpiryForm,
    EditPartForm,
    EditScopesForm,
    show_faults,
)
from app.web.tokens.frame import Frame

FORMS: Mapping[str, type[EditPartForm]] = {
    "details": EditDetailsForm,
    "scopes": EditScopesForm,
    "expiry": EditExpiryForm,
}
HERE = "/tokens/<token_id>/edit/<part>"
MOST_SINCE = 10


@blueprint.get(HERE)
@signed_in
def edit(token_id: str, part: str) -> Response:
    """The Overview with this part as a form."""
    shown, form_of = _editable(token_id), _form_of(part)
    token = shown.token
    held = [scope.name for scope in token.scopes]
    form = form_of(formdata=None, data={"name": token.name, "description": token.description, "scopes": held})
    form.version.data = str(token.version)
    return _page(shown, part, form)


@blueprint.get(f"{HERE}/outlook")
@signed_in
def edit_outlook(token_id: str, part: str) -> Response:
    """What saving the choices in the address would mean; as a page, the form with these choices."""
    shown, form = _editable(token_id), _form_of(part)(formdata=request.args)
    form.version.data, form.seen.data = str(shown.token.version), ""
    return _page(shown, part, form, fragment="tokens/_edit_outlook.html")


@blueprint.post(HERE)
@signed_in
def save_edit(token_id: str, part: str) -> AnyResponse:
    """Save the part, or ask for it where it loosens a risky token."""
    form = _form_of(part)()
    try:
        edited = edit_token(_typed(token_id, form), actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return _page(frame.load(token_id), part, form, status=422)
    except Stale as stale:
        since = _since(token_id, form.seen.data or "")
        shown = frame.load(token_id)
        form.version.data, form.seen.data = str(shown.token.version), ""
        return _page(shown, part, form, status=409, problem=stale.sentence, since=since)
    except Conflict as conflict:
        shown = frame.load(token_id)
        if not shown.offers.edit:
            raise
        return _page(shown, part, form, status=409, problem=conflict.sentence)
    return _saved(token_id, edited)


def _editable(token_id: str) -> Frame:
    shown = frame.load(token_id)
    access.require(Deed.EDIT_TOKEN, shown.application.relation)
    lifecycle.require(Verb.EDIT, shown.token.status)
    return shown


def _form_of(part: str) -> type[EditPartForm]:
    if part not in FORMS:
        raise NotFound
    return FORMS[part]


def _typed(token_id: str, form: EditPartForm) -> EditForm:
    version, reason = form.version.data or "", form.reason.data or ""
    match form:
        case EditDetailsForm():
            name, description = form.name.data, form.description.data
            return EditForm(token_id, version, name=name, description=description, reason=reason)
        case EditScopesForm():
            return EditForm(token_id, version, scopes=tuple(form.scopes.data or ()), reason=reason)
        case EditExpiryForm():
            expires, day = form.expires.data or "", form.expires_on.data or ""
            return EditForm(token_id, version, expires=expires, expires_on=day, reason=reason)
    raise NotFound


def _since(token_id: str, seen: str) -> Sequence[tuple[str, Event]]:
    """What happened after the event with this number, the newest first; the newest alone where that is no number."""
    events = events_of.of_token(db.session(), token_id)
    known = seen.isascii() and seen.isdigit() and len(seen) < 19
    later = [event for event in events if event.sequence > int(seen)] if known else events[:1]
    return [(history.sentence(event), event) for event in later[:MOST_SINCE]]


def _saved(token_id: str, edited: Edited) -> AnyResponse:
    sentence = "Saved. It holds from now on." if edited.changes else "Nothing was changed: it is as it was."
    if edited.request_id is not None:
        sentence = "Asked for this change. The token stays as it is until somebody else approves."
    flash(sentence, "success" if edited.changes else "info")
    if not wants_fragment():
        return see_other(url_for("tokens.overview", token_id=token_id))
    # The head shows the name and the risk, and the dialogs name the token: all that is in the page's main part.
    answer = overview.page(frame.load(token_id), fragment="tokens/overview.html")
    answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return announce(answer, sentence)


def _page(
    shown: Frame,
    part: str,
    form: EditPartForm,
    *,
    status: int = 200,
    fragment: str = "tokens/_overview.html",
    problem: str | None = None,
    since: Sequence[tuple[str, Event]] = (),
) -> Response:
    return overview.page(
        shown, status=status, fragment=fragment, editing=_editing(shown.token, part, form, problem, since)
    )


def _editing(
    token: TokenView, part: str, form: EditPartForm, problem: str | None, since: Sequence[tuple[str, Event]]
) -> Editing:
    plain, session = Editing(part, form, problem=problem, since=since), db.session()

    def asks() -> Policy:
        return policy.current(session)

    match form:
        case EditScopesForm():
            catalogue, picked = scopes.catalogue(session), tuple(form.scopes.data or ())
            held = [scope.name for scope in token.scopes]
            would = editing.of_scopes(token, picked, catalogue, asks, now())
            return replace(plain, outlook=would, groups=outlook.by_resource(catalogue, kept=held), picked=picked)
        case EditExpiryForm():
            expires, day = form.expires.data or "", form.expires_on.data or ""
            return replace(plain, outlook=editing.of_expiry(token, expires, day, asks, now()))
    return plain

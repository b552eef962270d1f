"""Edit a part of a token in place on its tab, with what saving would mean said before it is saved (SPEC 6, 7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import history, lifecycle
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.events import Event
from app.domain.lifecycle import Verb
from app.domain.roles import Deed
from app.services.tokens.edit import Edited, EditForm, Stale, edit_token
from app.store.database import db
from app.store.queries import history as events_of
from app.web import access
from app.web.access import actor, now, signed_in
from app.web.htmx import announce, see_other, wants_fragment
from app.web.tokens import acl, foresight, frame, overview, security
from app.web.tokens.area import blueprint
from app.web.tokens.editing import Editing
from app.web.tokens.forms import EditPartForm, show_faults
from app.web.tokens.frame import Frame
from app.web.tokens.parts import ACL, OVERVIEW, PARTS, SECURITY, Part


@dataclass(frozen=True)
class _Tab:
    """How a tab is shown, with a part being edited or not: as its own `fragment`, or the whole `template` of it."""

    page: Callable[..., Response]
    template: str
    fragment: str


TABS: Mapping[str, _Tab] = {
    OVERVIEW: _Tab(overview.page, "tokens/overview.html", "tokens/_overview.html"),
    ACL: _Tab(acl.page, "tokens/acl.html", "tokens/_acl.html"),
    SECURITY: _Tab(security.page, "tokens/security.html", "tokens/_security.html"),
}
HERE = "/tokens/<token_id>/edit/<part>"
MOST_SINCE = 10


@blueprint.get(HERE)
@signed_in
def edit(token_id: str, part: str) -> Response:
    """The tab with this part as a form."""
    shown, wanted = _editable(token_id), _part(part)
    form = wanted.form(formdata=None, data=wanted.form.filled(shown.token))
    form.version.data = str(shown.token.version)
    return _page(shown, wanted, form)


@blueprint.route(f"{HERE}/outlook", methods=["GET", "POST"])
@signed_in
def edit_outlook(token_id: str, part: str) -> Response:
    """What saving these choices would mean; as a page, the form with them. Changes nothing: it is posted because a long
    list does not fit an address, and a reason does not belong there."""
    shown, wanted = _editable(token_id), _part(part)
    form = wanted.form(formdata=request.form if request.method == "POST" else request.args)
    form.version.data, form.seen.data = str(shown.token.version), ""
    return _page(shown, wanted, form, fragment="tokens/_edit_outlook.html")


@blueprint.post(HERE)
@signed_in
def save_edit(token_id: str, part: str) -> AnyResponse:
    """Save the part, or ask for it where it loosens a risky token."""
    wanted = _part(part)
    form = wanted.form()
    typed = EditForm(token_id, form.version.data or "", reason=form.reason.data or "", **form.typed())
    try:
        edited = edit_token(typed, actor(), now())
    except Invalid as invalid:
        show_faults(form, invalid.fields)
        return _page(frame.load(token_id), wanted, form, status=422)
    except Stale as stale:
        since = _since(token_id, form.seen.data or "")
        shown = frame.load(token_id)
        form.version.data, form.seen.data = str(shown.token.version), ""
        return _page(shown, wanted, form, status=409, problem=stale.sentence, since=since)
    except Conflict as conflict:
        shown = frame.load(token_id)
        if not shown.offers.edit:
            raise
        return _page(shown, wanted, form, status=409, problem=conflict.sentence)
    return _saved(token_id, wanted, edited, form.remark)


def _editable(token_id: str) -> Frame:
    shown = frame.load(token_id)
    access.require(Deed.EDIT_TOKEN, shown.application.relation)
    lifecycle.require(Verb.EDIT, shown.token.status)
    return shown


def _part(name: str) -> Part:
    if name not in PARTS:
        raise NotFound
    return PARTS[name]


def _since(token_id: str, seen: str) -> Sequence[tuple[str, Event]]:
    """What happened after the event with this number, the newest first; the newest alone where that is no number."""
    events = events_of.of_token(db.session(), token_id)
    known = seen.isascii() and seen.isdigit() and len(seen) < 19
    later = [event for event in events if event.sequence > int(seen)] if known else events[:1]
    return [(history.sentence(event), event) for event in later[:MOST_SINCE]]


def _saved(token_id: str, part: Part, edited: Edited, remark: str) -> AnyResponse:
    sentence = "Saved. It holds from now on." if edited.changes else "Nothing was changed: it is as it was."
    if edited.request_id is not None:
        sentence = "Asked for this change. The token stays as it is until somebody else approves."
    sentence = f"{sentence} {remark}".strip()
    flash(sentence, "success" if edited.changes else "info")
    if not wants_fragment():
        return see_other(url_for(part.tab, token_id=token_id))
    # The head shows the name and the risk, and the dialogs name the token: all that is in the page's main part.
    answer = TABS[part.tab].page(frame.load(token_id), fragment=TABS[part.tab].template)
    answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return announce(answer, sentence)


def _page(
    shown: Frame,
    part: Part,
    form: EditPartForm,
    *,
    status: int = 200,
    fragment: str | None = None,
    problem: str | None = None,
    since: Sequence[tuple[str, Event]] = (),
) -> Response:
    newest = events_of.newest(db.session(), shown.token.id)
    tab, plain = TABS[part.tab], Editing(part, form, newest, problem=problem, since=since)
    completed = foresight.completed(plain, shown.token, now())
    return tab.page(shown, status=status, editing=completed, fragment=fragment or tab.fragment)

"""The Approvals list, one request whole, and the three things that can be done to it."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain import approval
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people import Actor
from app.services import approvals as verbs
from app.store.database import db
from app.store.queries import approvals, deciders
from app.store.queries.approvals import RequestView
from app.web.access import actor, current_person, in_background, now, signed_in
from app.web.approvals import choices, rows, wording
from app.web.approvals import listing as listings
from app.web.approvals.forms import DecisionForm
from app.web.htmx import announce, is_htmx, page_or_fragment, see_other, wants_fragment
from app.web.sign_in.password_again import password_question

Decide = Callable[[str, str, str, Actor, datetime], None]

blueprint = Blueprint("approvals", __name__, url_prefix="/approvals")


@blueprint.get("")
@signed_in
def listing() -> Response:
    """The requests of the applications that the person may see: those that wait first."""
    listing = listings.listed()
    return page_or_fragment(
        "approvals/listing.html",
        "approvals/_listing.html",
        title="Approvals",
        listing=listing,
        show=listing.show,
        now=now(),
    )


@blueprint.get("/news")
@signed_in
@in_background
def news() -> AnyResponse:
    """The rows of those requests that wait no more, of the ids `shown` that a page has, and how many have come since
    then; nothing, so that nothing is read out, where the page says all that already. As a page, the list."""
    if not wants_fragment():
        return see_other(url_for(".listing"))
    shown, told = request.args.getlist("shown"), request.args.get("come", 0, type=int)
    over, come = listings.told_over(shown), listings.come_since(shown)
    if not over and come == told:
        return make_response("", 204)
    news = {"lines": over, "come": come, "here": listings.here(), "acts": "acts" in request.args}
    answer = Response(render_template("approvals/_news.html", **news, news=True, now=now()))
    # Fewer than before is no news: somebody decided one of them.
    said = listings.said(over, come if come > told else 0)
    return announce(answer, said) if said else answer


@blueprint.get("/<request_id>")
@signed_in
def request_page(request_id: str) -> Response:
    """One request whole, with what the person may do about it."""
    return _page(_found(request_id), DecisionForm())


@blueprint.post("/<request_id>/approve")
@signed_in
def approve(request_id: str) -> AnyResponse:
    """Let what was asked for take effect."""
    view = _found(request_id)
    if approval.password_required(view.kind, view.gravest_risk) and choices.of(view, current_person()).decide:
        question = password_question()
        if question is not None:
            return question
    return _decide(request_id, verbs.approve, "Approved.")


@blueprint.post("/<request_id>/reject")
@signed_in
def reject(request_id: str) -> AnyResponse:
    """Refuse what was asked for."""
    return _decide(request_id, verbs.reject, "Rejected. The requester sees your comment.")


@blueprint.post("/<request_id>/cancel")
@signed_in
def cancel(request_id: str) -> AnyResponse:
    """Take a request back, from its page or from its row of the list."""
    from_list = request.form.get("from") == "list"
    try:
        verbs.cancel(request_id, actor(), now())
    except Conflict as conflict:
        return _page(_found(request_id), DecisionForm(), status=409, problem=conflict.sentence)
    if from_list and is_htmx():
        row = render_template("approvals/_row.html", line=listings.line(_found(request_id)), acts=True, now=now())
        return announce(Response(row), "Request cancelled.")
    flash("Request cancelled.", "success")
    return see_other(url_for(".listing") if from_list else url_for(".request_page", request_id=request_id))


def _decide(request_id: str, verb: Decide, done: str) -> AnyResponse:
    form = DecisionForm()
    try:
        verb(request_id, form.fingerprint.data or "", form.comment.data or "", actor(), now())
    except Invalid as invalid:
        form.comment.errors = [invalid.fields["comment"]]
        return _page(_found(request_id), form, status=422)
    except Conflict as conflict:
        return _page(_found(request_id), form, status=409, problem=conflict.sentence)
    flash(done, "success")
    return see_other(url_for(".request_page", request_id=request_id))


def _found(request_id: str) -> RequestView:
    view = approvals.find(db.session(), current_person(), request_id, now())
    if view is None:
        raise NotFound
    return view


def _page(view: RequestView, form: DecisionForm, *, status: int = 200, problem: str | None = None) -> Response:
    person = current_person()
    may = choices.of(view, person, deciders.others(db.session(), view.requester_id))
    return page_or_fragment(
        "approvals/request.html",
        "approvals/_request.html",
        status=status,
        title=f"{view.title}, approval request",
        view=view,
        form=form,
        choices=may,
        ties=deciders.ties(db.session(), person, view.requester_id) if may.decide else deciders.NO_TIES,
        asks=wording.asks(view),
        moves=rows.moves(view.changes),
        whole=wording.whole(view),
        since_approved=rows.since_approved(view),
        about=wording.template(view),
        shown=wording.packed(view),
        comment_help=wording.comment_help(view),
        problem=problem,
        differences=wording.differences(form.shown.data or "", view) if problem else [],
        now=now(),
        **wording.content(view),
    )

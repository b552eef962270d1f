"""Home: what waits for this person, their applications, and for a newcomer the next step."""

from flask import Blueprint, render_template

from app.domain import approval
from app.domain.approval import RequestStatus
from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import applications, approvals, expiring
from app.store.queries.approvals import RequestView
from app.web.access import current_person, now, signed_in

blueprint = Blueprint("home", __name__)

SHOWN = 5


@blueprint.get("/")
@signed_in
def page() -> str:
    """The first page after signing in."""
    session, person = db.session(), current_person()
    own = applications.listed(session, person, now(), own=True)
    to_decide = _to_decide()
    asked = [view for view in approvals.asked(session, person, now()) if view.status is RequestStatus.PENDING]
    return render_template(
        "home/page.html",
        own=own,
        has_tokens=any(line.live_tokens for line in own.lines),
        to_decide=to_decide[:SHOWN],
        decide_count=len(to_decide),
        asked=asked[:SHOWN],
        asked_count=len(asked),
        expiring=expiring.soon(session, person, now()),
        now=now(),
    )


def _to_decide() -> list[RequestView]:
    person = current_person()
    if not may(Deed.DECIDE_REQUEST, person.role):
        return []
    waiting = approvals.pending(db.session(), person, now())
    return [view for view in waiting if approval.may_decide(view.requester_id, person.id)]

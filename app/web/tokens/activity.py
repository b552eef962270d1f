"""The Activity tab: the token's events whole, for those who may see the audit log."""

from flask import Response, request, url_for

from app.domain.audit_selection import Selection
from app.domain.errors import Invalid, NotFound
from app.domain.roles import Deed
from app.store.database import db
from app.store.queries import audit
from app.web.access import requires
from app.web.audit.lines import lines
from app.web.tokens import frame
from app.web.tokens.area import blueprint


@blueprint.get("/tokens/<token_id>/activity")
@requires(Deed.SEE_AUDIT)
def activity(token_id: str) -> Response:
    """A page of what happened to the token, the newest first."""
    shown = frame.load(token_id)
    before, after = request.args.get("before", ""), request.args.get("after", "")
    try:
        found = audit.page(db.session(), Selection(token_id=token_id), before=before, after=after)
    except Invalid as invalid:
        raise NotFound(" ".join(invalid.fields.values())) from None
    return frame.page(
        shown,
        "tokens/activity.html",
        "tokens/_activity.html",
        current="Activity",
        lines=lines(found),
        newer=found.newer and url_for(".activity", token_id=token_id, after=found.newer),
        older=found.older and url_for(".activity", token_id=token_id, before=found.older),
    )

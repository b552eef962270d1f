"""Home: what needs this person now, their applications, and for a newcomer the next step."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from app.domain.roles import Deed, may
from app.domain.usage import DAYS_KEPT
from app.store.database import db
from app.store.queries import applications, usage
from app.web.access import current_person, now, signed_in, unheard_proxy
from app.web.home import needs

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def page() -> str:
    """The first page after signing in."""
    own = applications.listed(db.session(), current_person(), now(), own=True)
    return render_template(
        "home/page.html",
        own=own,
        has_tokens=any(line.live_tokens for line in own.lines),
        needs=needs.of(request.args.get("show", "")),
        now=now(),
        unheard_proxy=unheard_proxy(),
        uncounted=_uncounted(),
        days=DAYS_KEPT,
    )


def _uncounted() -> int:
    """How many verifications no count has, for those who run Postern: while the database was away for long, say."""
    if not may(Deed.SEE_AUDIT, current_person().role):
        return 0
    return usage.dropped(db.session(), now() - timedelta(days=DAYS_KEPT))

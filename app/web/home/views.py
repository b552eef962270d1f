"""Home: what needs this person now, their applications, and for a newcomer the next step."""

from flask import Blueprint, render_template, request

from app.store.database import db
from app.store.queries import applications
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
    )

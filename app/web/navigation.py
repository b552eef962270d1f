"""The main navigation of whoever is signed in, and how much waits for them."""

from flask import Flask, request, url_for
from flask_login import current_user

from app.store.database import db
from app.store.queries import approvals
from app.web.access import current_person, now
from app.web.htmx import wants_fragment
from app.web.shell import NavItem

APPROVALS = "approvals.listing"
# Label, where it leads, and the areas whose pages lie behind it.
PLACES = (
    ("Home", "home.page", ("home",)),
    ("Applications", "applications.listing", ("applications", "tokens")),
    ("Approvals", APPROVALS, ("approvals",)),
    ("Scopes", "scopes.listing", ("scopes",)),
)


def init_app(app: Flask) -> None:
    """Give every page the navigation of the person who asks for it."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    # A fragment has no frame: nothing is asked of the database for one that is not shown.
    if wants_fragment() or not current_user.is_authenticated:
        return {}
    person = current_person()
    waiting = approvals.pending_count(db.session(), person, now())
    navigation = [
        NavItem(label, url_for(endpoint), waiting if endpoint == APPROVALS else 0, request.blueprint in areas)
        for label, endpoint, areas in PLACES
    ]
    return {"navigation": navigation, "person": person}

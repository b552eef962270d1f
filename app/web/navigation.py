"""The main navigation of whoever is signed in, and how much waits for them."""

from flask import Flask, request, url_for
from flask_login import current_user

from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import approvals
from app.web.access import current_person, now
from app.web.htmx import wants_fragment
from app.web.shell import NavItem

APPROVALS = "approvals.listing"
# Label, where it leads, the areas whose pages lie behind it, and what a person must be able to do to be led there.
PLACES = (
    ("Home", "home.page", ("home",), None),
    ("Applications", "applications.listing", ("applications", "tokens"), None),
    ("Approvals", APPROVALS, ("approvals",), None),
    ("Scopes", "scopes.listing", ("scopes",), None),
    ("Audit", "audit.page", ("audit",), Deed.SEE_AUDIT),
    ("Incident", "incident.page", ("incident",), Deed.HANDLE_INCIDENT),
    ("People", "people.listing", ("people",), Deed.MANAGE_PEOPLE),
    ("Settings", "settings.page", ("settings",), Deed.SET_POLICY),
    ("Guide", "docs.start", ("docs",), None),
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
        NavItem(label, url_for(endpoint), waiting if endpoint == APPROVALS else 0, _area() in areas)
        for label, endpoint, areas, deed in PLACES
        if deed is None or may(deed, person.role)
    ]
    return {"navigation": navigation, "person": person}


def _area() -> str | None:
    # What is done to the tokens of one application stands under its address, whichever area answers.
    return "applications" if request.path.startswith("/applications/") else request.blueprint

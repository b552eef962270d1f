"""One application's pages: fetched for the person who asks, under one set of tabs."""

from typing import Any

from flask import Blueprint, Response, url_for

from app.domain.errors import NotFound
from app.domain.roles import Deed
from app.store.database import db
from app.store.queries import applications
from app.store.queries.applications import ApplicationView
from app.web import access
from app.web.htmx import page_or_fragment
from app.web.shell import Tab

blueprint = Blueprint("applications", __name__, url_prefix="/applications")

# Each tab, its endpoint, and what a person must be able to do to be shown it.
TABS = (
    ("Overview", ".overview", Deed.SEE_APPLICATION),
    ("Credentials", ".credentials", Deed.SEE_APPLICATION),
    ("Members", ".members", Deed.SEE_APPLICATION),
    ("Settings", ".settings", Deed.MANAGE_APPLICATION),
)


def found(application_id: str, deed: Deed = Deed.SEE_APPLICATION) -> ApplicationView:
    """The application, for a person who may do the deed to it. Raises NotFound or NotAllowed."""
    view = applications.find(db.session(), access.current_person(), application_id)
    if view is None:
        raise NotFound
    access.require(deed, view.relation)
    return view


def page(
    view: ApplicationView,
    current: str,
    pane: str,
    *,
    status: int = 200,
    fragment: str | None = None,
    **context: Any,
) -> Response:
    """A tab of the application: the template `pane` under the tabs, as a page or swapped into one; of a tab that is
    there already, its `fragment`."""
    may = access.deeds(view.relation)
    tabs = [
        Tab(label, url_for(endpoint, application_id=view.id), label == current)
        for label, endpoint, deed in TABS
        if deed.name.lower() in may
    ]
    return page_or_fragment(
        "applications/application.html",
        fragment or "applications/_tabbed.html",
        status=status,
        title=f"{view.name}, {current.lower()}",
        view=view,
        tab_items=tabs,
        pane=pane,
        may=may,
        now=access.now(),
        **context,
    )

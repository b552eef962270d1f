"""The Credentials tab: the application's tokens as its address narrows and sorts them."""

from collections.abc import Collection, Sequence

from flask import Response, request

from app.domain.incidents import Stop
from app.domain.roles import may
from app.store.database import db
from app.store.queries import applications, token_pages, usage
from app.store.queries.applications import ApplicationView
from app.store.queries.token_pages import NEWEST, Page, TokenLine, Wanted
from app.web import sorting
from app.web.access import current_person, now, signed_in
from app.web.applications import area
from app.web.applications.area import blueprint
from app.web.applications.listing import COLUMNS, OVER, PLACE, TokensForm

HERE = "applications.credentials"


@blueprint.get("/<application_id>/credentials")
@signed_in
def credentials(application_id: str) -> Response:
    """The tokens that the address asks for; where it asks for none, those that can work and those that are over."""
    view, person, form = area.found(application_id), current_person(), TokensForm(request.args)
    after = request.args.get("after", "")
    order = sorting.asked(COLUMNS, NEWEST, HERE, {"application_id": view.id, **form.typed})
    found = token_pages.page(db.session(), person, view.id, now(), form.wanted, sort=order.sort, after=after)
    over = Page((), None)
    if not form.typed and not after:
        over = token_pages.page(db.session(), person, view.id, now(), Wanted(statuses=OVER))
    counts = applications.token_counts(db.session(), view.id, now())
    return area.page(
        view,
        "Credentials",
        "applications/_credentials.html",
        # Only what narrows and sorts sends something along; whoever opens the tab wants the tab.
        fragment="applications/_found_tokens.html" if request.args else None,
        form=form,
        found=found,
        over=over,
        order=order,
        back={name: request.args[name] for name in PLACE if request.args.get(name)},
        is_later=bool(after),
        counts=counts,
        over_count=sum(counts.get(status, 0) for status in OVER),
        pickable=_pickable(view, found.lines),
        last_used=usage.last_used(db.session(), [line.id for line in (*found.lines, *over.lines)]),
    )


def _pickable(view: ApplicationView, lines: Sequence[TokenLine]) -> Collection[str]:
    """The tokens with which something can be done at once."""
    stops = [stop for stop in Stop if may(stop.deed, current_person().role, view.relation)]
    return {line.id for line in lines if any(stop.hits(line.status) for stop in stops)}

"""The Overview tab: what the token is, who has its keys, and what happened to it."""

from flask import Response

from app.domain import history
from app.store.database import db
from app.store.queries import history as events_of
from app.web.access import signed_in
from app.web.tokens import frame, use
from app.web.tokens.area import blueprint
from app.web.tokens.editing import Editing
from app.web.tokens.frame import NOTHING_REFUSED, Frame, Refused


@blueprint.get("/tokens/<token_id>")
@signed_in
def overview(token_id: str) -> Response:
    """The token whole, with its change history."""
    return page(frame.load(token_id))


def page(
    shown: Frame,
    *,
    status: int = 200,
    refused: Refused = NOTHING_REFUSED,
    problem: str | None = None,
    editing: Editing | None = None,
    fragment: str = "tokens/_overview.html",
) -> Response:
    """The Overview in its frame; also the answer to whatever was not done to the token. A part that is being edited
    shows its form."""
    events = events_of.of_token(db.session(), shown.token.id)
    return frame.page(
        shown,
        "tokens/overview.html",
        fragment,
        status=status,
        refused=refused,
        problem=problem,
        editing=editing,
        use=use.of(shown, events),
        happenings=[(event, history.sentence(event)) for event in events],
    )

"""The ACL tab: what the token can do, and why it was refused (SPEC 9)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import Response, request
from werkzeug.datastructures import MultiDict

from app.domain.restrictions import ACCESS_RULES
from app.domain.scopes import Scope
from app.store.database import db
from app.store.queries import applications, usage
from app.store.queries.applications import VerifyingService
from app.store.queries.usage import Refusal
from app.web.access import current_person, peer_address, signed_in
from app.web.tokens import frame, restricted, trying
from app.web.tokens.area import blueprint
from app.web.tokens.editing import Editing
from app.web.tokens.frame import Frame
from app.web.tokens.trying import Tried

MOST_REFUSALS = 20


@blueprint.get("/tokens/<token_id>/acl")
@signed_in
def acl(token_id: str) -> Response:
    """What the token's scopes permit; with a request in the address, what would be answered to it, and why."""
    shown = frame.load(token_id)
    # Only the form for a request sends one along; whoever opens the tab wants the tab.
    fragment = "tokens/_try.html" if request.args else "tokens/_acl.html"
    tried = trying.of(shown, request.args)
    return page(shown, status=422 if tried.form.errors else 200, fragment=fragment, tried=tried)


def page(
    shown: Frame,
    *,
    status: int = 200,
    fragment: str = "tokens/_acl.html",
    editing: Editing | None = None,
    tried: Tried | None = None,
) -> Response:
    """The ACL tab in its frame. A part that is being edited shows its form."""
    return frame.page(
        shown,
        "tokens/acl.html",
        fragment,
        current="ACL",
        status=status,
        editing=editing,
        resources=_by_resource(shown.token.scopes),
        restricted=restricted.of(shown.token, ACCESS_RULES),
        tried=tried or trying.of(shown, MultiDict()),
        refusals=_refusals(shown.token.id),
        again=trying.again,
        own_address=peer_address(),
    )


def _refusals(token_id: str) -> Sequence[tuple[Refusal, VerifyingService | None]]:
    """The last refusals, each with the service that asked, where the person may see that."""
    found = usage.refusals(db.session(), token_id)[:MOST_REFUSALS]
    callers = {one.caller_token_id for one in found if one.caller_token_id}
    services = applications.holding(db.session(), current_person(), callers) if callers else {}
    return [(one, services.get(one.caller_token_id or "")) for one in found]


def _by_resource(scopes: Sequence[Scope]) -> Mapping[str, Sequence[Scope]]:
    return {resource: list(found) for resource, found in groupby(scopes, key=lambda scope: scope.resource)}

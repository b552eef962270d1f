"""The ACL tab: what the token can do, and why it was refused (SPEC 9)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import Response, request

from app.domain.scopes import Scope
from app.web.access import peer_address, signed_in
from app.web.tokens import frame, trying
from app.web.tokens.area import blueprint


@blueprint.get("/tokens/<token_id>/acl")
@signed_in
def acl(token_id: str) -> Response:
    """What the token's scopes permit; with a request in the address, what would be answered to it, and why."""
    shown = frame.load(token_id)
    tried = trying.of(shown, request.args)
    return frame.page(
        shown,
        "tokens/acl.html",
        # Only the form for a request sends one along; whoever opens the tab wants the tab.
        "tokens/_try.html" if request.args else "tokens/_acl.html",
        current="ACL",
        status=422 if tried.form.errors else 200,
        resources=_by_resource(shown.token.scopes),
        tried=tried,
        own_address=peer_address(),
    )


def _by_resource(scopes: Sequence[Scope]) -> Mapping[str, Sequence[Scope]]:
    return {resource: list(found) for resource, found in groupby(scopes, key=lambda scope: scope.resource)}

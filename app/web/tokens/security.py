"""The Security tab: from where, when and how often the token may be used (SPEC 8), and how that is lifted (SPEC 10)."""

from flask import Response

from app.domain.restrictions import IP_WHITELIST, RATE_LIMIT, TIME_RESTRICTION
from app.web.access import peer_address, signed_in
from app.web.tokens import emergency_region, frame, restricted
from app.web.tokens.area import blueprint
from app.web.tokens.editing import Editing
from app.web.tokens.emergency_region import NOTHING_TYPED, Typed
from app.web.tokens.frame import Frame


@blueprint.get("/tokens/<token_id>/security")
@signed_in
def security(token_id: str) -> Response:
    """What restricts the token."""
    return page(frame.load(token_id))


def page(
    shown: Frame,
    *,
    status: int = 200,
    fragment: str = "tokens/_security.html",
    editing: Editing | None = None,
    typed: Typed = NOTHING_TYPED,
) -> Response:
    """The Security tab in its frame. A part that is being edited shows its form; `typed` is a form of emergency access
    that was refused."""
    region = emergency_region.of(shown, typed)
    narrowed = (IP_WHITELIST, RATE_LIMIT, TIME_RESTRICTION)
    return frame.page(
        shown,
        "tokens/security.html",
        fragment,
        current="Security",
        status=status,
        own_address=peer_address(),
        editing=editing,
        restrictions=[restricted.of(shown.token, field, is_open=region.open is not None) for field in narrowed],
        emergency=region,
    )

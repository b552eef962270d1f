"""The doors that services come in by. No cookie is read or set, no page is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Blueprint, Flask, Response, current_app, g, request

from app.clock import CLOCK
from app.domain.identifiers import quick_text
from app.domain.networks import Network
from app.verification.answer import Answer, Call
from app.verification.environ import call_of
from app.verification.schema import LARGEST_BODY
from app.verification.verifier import Verifier

DOOR = "postern_verification"
REQUEST_ID_LENGTH = 16
blueprint = Blueprint("verification", __name__, url_prefix="/api/v1")
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Door:
    """Who answers, and whose word is taken on where a call comes from."""

    verifier: Verifier
    trusted_proxies: Sequence[Network]


@dataclass(frozen=True)
class ByKey:
    """What these routes require: a key, which the verifier judges. Nobody signs in here."""

    signed_in: bool = False
    deed: None = None


def by_key(view: View) -> View:
    """Declare that a route is guarded by the key that it is called with."""
    view.requirement = ByKey()  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, verifier: Verifier, trusted_proxies: Sequence[Network]) -> None:
    """Open the doors."""
    app.extensions[DOOR] = Door(verifier, trusted_proxies)
    app.register_blueprint(blueprint)


@blueprint.post("/verify", provide_automatic_options=False)
@by_key
def verify() -> Response:
    """May this token do this, now, from here?"""
    return _response(_door().verifier.verify(_call(LARGEST_BODY + 1)))


@blueprint.get("/self", provide_automatic_options=False)
@by_key
def about_self() -> Response:
    """What does Postern say of my own key?"""
    return _response(_door().verifier.about_self(_call()))


@blueprint.post("/self/revoke", provide_automatic_options=False)
@by_key
def revoke_self() -> Response:
    """End the token of this key."""
    return _response(_door().verifier.revoke_self(_call()))


def _door() -> Door:
    return cast(Door, current_app.extensions[DOOR])


def _call(most: int = 0) -> Call:
    request_id = g.get("request_id") or quick_text(REQUEST_ID_LENGTH)
    return call_of(request.environ, _door().trusted_proxies, current_app.extensions[CLOCK], request_id, most)


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, dict(answer.headers), content_type=answer.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response

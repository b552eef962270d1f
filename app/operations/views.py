"""Three addresses that machines ask: `/healthz`, `/readyz`, `/metrics`."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request

from app.clock import CLOCK, Clock
from app.operations import metrics
from app.operations.readiness import OK, Readiness
from app.store.database import db
from app.store.queries import gauges
from app.verification.measures import Measures

ROOM = "postern_operations"
blueprint = Blueprint("operations", __name__)
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Room:
    """What the addresses tell of. `metrics_token` is None where nobody may read the metrics."""

    readiness: Readiness
    measures: Measures
    metrics_token: str | None


@dataclass(frozen=True)
class ByMachine:
    """What these routes require: nothing of a person. They tell nothing of one either."""

    signed_in: bool = False
    deed: None = None


def by_machine(view: View) -> View:
    """Declare that a route is for machines."""
    view.requirement = ByMachine()  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, room: Room) -> None:
    """Open the addresses."""
    app.extensions[ROOM] = room
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@by_machine
def alive() -> Response:
    """Whether this process answers at all: nothing else is looked at."""
    return _uncached(jsonify(status="alive"))


@blueprint.get("/readyz")
@by_machine
def ready() -> Response:
    """Whether this node can decide: database, schema, limiter, clock."""
    checks = _room().readiness.checks()
    response = jsonify(ready=all(found == OK for found in checks.values()), checks=checks)
    if not all(found == OK for found in checks.values()):
        response.status_code = 503
        response.headers["Retry-After"] = "1"
    return _uncached(response)


@blueprint.get("/metrics")
@by_machine
def measured() -> Response:
    """What Prometheus reads, for whoever has the token of `METRICS_TOKEN`."""
    token = _room().metrics_token
    if token is None:
        abort(404)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return Response("Send METRICS_TOKEN as Authorization: Bearer.\n", 401, {"WWW-Authenticate": "Bearer"})
    clock: Clock = current_app.extensions[CLOCK]
    text = metrics.text(_room().measures.total(), gauges.read(db.session(), clock()))
    return _uncached(Response(text, content_type=metrics.CONTENT_TYPE))


def _room() -> Room:
    return cast(Room, current_app.extensions[ROOM])


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response

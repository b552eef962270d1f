"""Default deny: every route says what it requires, and nobody gets past those that require a person."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web import access
from tests.matrix.routes import ELSEWHERE, ROUTES

# Everything that can be reached without signing in. A new line here is a decision.
PUBLIC = {"static", "sign_in.form", "sign_in.sign_in", "sign_in.sign_out", "welcome.page", "welcome.use"}
# These are asked by machines, and tell nothing of anybody.
BY_MACHINE = {"operations.alive", "operations.ready", "operations.measured"}
# These are asked by programs, which show a key instead.
BY_KEY = {"verification.verify", "verification.about_self", "verification.revoke_self"}
PREFIXES = {"application_id": "app_", "token_id": "tok_", "request_id": "req_", "person_id": "usr_"}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def requests(app: Flask, rule: Rule) -> Iterator[tuple[str, str]]:
    """Every method and a path of a route, with ids of the right shape that belong to nothing."""
    built = rule.build({name: PREFIXES.get(name, "") + "0" * 22 for name in rule.arguments})
    assert built is not None
    return ((method, built[1]) for method in (rule.methods or set()) - {"OPTIONS"})


def test_every_route_declares_what_it_requires(app: Flask) -> None:
    silent = {name for name, view in app.view_functions.items() if access.requirement_of(view) is None}
    assert silent == set()


def test_only_these_routes_need_nobody_to_be_signed_in(app: Flask) -> None:
    requirements = {name: access.requirement_of(view) for name, view in app.view_functions.items()}
    without = {name for name, requirement in requirements.items() if requirement and not requirement.signed_in}
    assert without == PUBLIC | BY_KEY | BY_MACHINE


def test_of_every_route_it_is_written_down_who_may_use_it(app: Flask) -> None:
    """The table in tests/matrix/routes.py is tried out by everybody: a new route needs a line there."""
    assert ROUTES.keys() | ELSEWHERE == app.view_functions.keys()
    assert not ROUTES.keys() & ELSEWHERE


def test_nobody_gets_past_the_door_of_any_other_route(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that it is the door that refuses
    client = app.test_client()
    passed = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | BY_KEY | BY_MACHINE:
            continue
        for method, path in requests(app, rule):
            response = client.open(path, method=method)
            # A post is asked on the spot, so that what was typed can be kept; who visits is led to the sign-in page.
            led_there = response.status_code == 303 and response.location.startswith("/login?next=")
            if not (response.status_code == 401 if method == "POST" else led_there):
                passed.append(f"{method} {path}: {response.status}")
    assert passed == []


def test_programs_get_nothing_without_a_key(app: Flask) -> None:
    client = app.test_client()
    answers = {
        (method, path): client.open(path, method=method, json={"token": "x", "scopes": []})
        for rule in app.url_map.iter_rules()
        if rule.endpoint in BY_KEY
        for method, path in requests(app, rule)
    }
    assert {(answer.status_code, answer.mimetype) for answer in answers.values()} == {(401, "application/problem+json")}


def test_an_app_with_a_silent_route_does_not_start(app: Flask) -> None:
    app.view_functions["silent"] = lambda: "secret"
    with pytest.raises(RuntimeError, match="silent"):
        access.check_every_route(app)


def test_a_silent_route_that_is_there_nevertheless_is_closed(app: Flask) -> None:
    app.add_url_rule("/silent", view_func=lambda: "secret", endpoint="silent")
    assert app.test_client().get("/silent").status_code == 403

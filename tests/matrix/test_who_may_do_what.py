"""Everybody tries everything by every door, and only what SPEC 2 and 7 grant succeeds.

A row is a person: their role, and what they are to the application and the request. A column is a route of
the program. The doors: the page with its form, as in a browser without JavaScript; htmx; a post made by hand; and a
token's key in the place of a person. What is granted has to happen, with its event in the name of the person; what is
not has to leave nothing behind, and what may not be seen is a 404."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.events import Action
from app.store.database import db
from app.store.tables import AuditEventRow
from app.web import access
from tests import people
from tests.cast import Cast
from tests.matrix import forms, standings
from tests.matrix.routes import ROUTES
from tests.matrix.standings import Standing
from tests.matrix.uses import ByKey, Read, Use, Write
from tests.matrix.world import World
from tests.web.forms import token_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
# The one refusal that leaves a trace.
REFUSAL = Action.APPROVAL_SELF_REFUSED.value
DONE = {200, 204, 302, 303}


@dataclass
class Row:
    """One person at all the doors; `wrong` are the cells that are not as they should be."""

    world: World
    client: FlaskClient
    program: FlaskClient
    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    form_tokens: dict[str, str] = field(default_factory=dict)

    def try_everything(self) -> None:
        for endpoint, uses in ROUTES.items():
            for number, use in enumerate(uses):
                for door in self._doors(use):
                    self.cells += 1
                    fault = self._try(endpoint, use, door)
                    if fault:
                        self.wrong.append(f"{endpoint}[{number}] by {door}: {fault}")

    def _doors(self, use: Use) -> Iterator[str]:
        match use:
            case ByKey():
                yield from ("page", "key")
            case Read():
                # What is let in as a page is let in as its fragment: other tests are about how that looks.
                yield from ("page", "key") if use.grant.covers(self.world.standing) else ("page", "htmx", "key")
            case Write():
                yield from ("page", "htmx", "hand", "key")

    def _try(self, endpoint: str, use: Use, door: str) -> str | None:
        if isinstance(use, ByKey):
            return self._by_key(endpoint, use, door)
        granted = use.grant.covers(self.world.standing) and (door != "key" or use.grant.nobody)
        sending = self._prepared(use, door)
        if sending is None:
            return "it is granted, and no form is there" if granted else None
        before = self._last_event()
        answer = sending()
        answer.close()
        traces = self._traces(before)
        if not granted:
            return self._refused(endpoint, door, answer, traces)
        if isinstance(use, Write):
            self._start_again()
            return self._happened(use, answer, traces)
        return None if answer.status_code in DONE else f"granted, and answered {answer.status}"

    def _prepared(self, use: Read | Write, door: str) -> Callable[[], TestResponse] | None:
        """What it takes to go in, all but the last step; None where the page offers nothing."""
        client = self.program if door == "key" else self.client
        headers = {"Authorization": f"Bearer {self.world.key}"} if door == "key" else HTMX if door == "htmx" else {}
        address = use.address(self.world)
        if isinstance(use, Read) and not use.by_post:
            return partial(client.get, address, headers=headers)
        fields = {"csrf_token": self._form_token(client)}
        if isinstance(use, Read):
            return partial(client.post, address, data=fields, headers=headers)
        fields |= use.hidden(self.world)
        if door == "page":
            form = forms.offered(client, use.page(self.world), address)
            if form is None:
                return None
            fields = form.fields
        return partial(client.post, address, data={**fields, **use.typed(self.world)}, headers=headers)

    def _refused(self, endpoint: str, door: str, answer: TestResponse, traces: list[AuditEventRow]) -> str | None:
        done = [event.action for event in traces if event.action != REFUSAL]
        if done:
            self.world.forget()
            return f"not granted, and {done[0]} is in the log"
        wanted = {401} if door == "key" or self.world.standing.role is None else self._refusals(endpoint)
        led_to_sign_in = (answer.location or answer.headers.get("HX-Redirect", "")).startswith("/login?next=")
        # A page that is left open asks for news by itself: signed out, it hears nothing, and is led nowhere.
        hears_nothing = answer.status_code == 204 and "HX-Redirect" not in answer.headers
        if answer.status_code in wanted or (401 in wanted and (led_to_sign_in or hears_nothing)):
            return None
        return f"not granted, and answered {answer.status}, not one of {sorted(wanted)}"

    def _refusals(self, endpoint: str) -> set[int]:
        """404 for what they may not see; where the route itself asks for a role, nothing is given away by a 403."""
        requirement = access.requirement_of(self.world.app.view_functions[endpoint])
        by_role = requirement is not None and requirement.deed is not None
        sees = standings.SEE.covers(self.world.standing)
        return {403, 409} if sees or by_role else {404}

    def _happened(self, use: Write, answer: TestResponse, traces: list[AuditEventRow]) -> str | None:
        if answer.status_code not in DONE:
            return f"granted, and answered {answer.status}"
        found = [event.action for event in traces if not use.by_them or event.actor_id == self.world.person_id]
        return None if use.event in found else f"granted, and the log says {[event.action for event in traces]}"

    def _by_key(self, endpoint: str, use: ByKey, door: str) -> str | None:
        client = self.program if door == "key" else self.client
        headers = {"Authorization": f"Bearer {self.world.key}"} if door == "key" else {}
        method = "GET" if endpoint == "verification.about_self" else "POST"
        answer = client.open(use.address, method=method, headers=headers, json={"token": "x", "scopes": []})
        wanted = (200 if use.admits else 403) if door == "key" else 401
        self.world.forget(key_too=door == "key")
        return None if answer.status_code == wanted else f"answered {answer.status}, not {wanted}"

    def _start_again(self) -> None:
        self.world.forget()
        with self.client.session_transaction() as session:
            signed_in = "_user_id" in session
        if self.world.standing.was is not None and not signed_in:
            self.world.sign_in(self.client)

    def _form_token(self, client: FlaskClient) -> str:
        """A form token that is good in this browser; one serves for all forms, until a sign-in gives the browser
        another session."""
        with client.session_transaction() as session:
            secret = session.get("csrf_token", "")
        if secret not in self.form_tokens:
            signed_in = client is self.client and self.world.standing.role is not None
            token = token_on(client, "/applications/new" if signed_in else "/login")
            with client.session_transaction() as session:
                secret = session["csrf_token"]
            self.form_tokens[secret] = token
        return self.form_tokens[secret]

    def _last_event(self) -> int:
        with self.world.app.app_context():
            return db.session.scalar(select(func.max(AuditEventRow.sequence))) or 0

    def _traces(self, after: int) -> list[AuditEventRow]:
        with self.world.app.app_context():
            return list(db.session.scalars(select(AuditEventRow).where(AuditEventRow.sequence > after)))


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@pytest.mark.parametrize("standing", list(standings.every()), ids=str)
def test_only_what_is_granted_succeeds(app: Flask, cast: Cast, clock: FixedClock, standing: Standing) -> None:
    world = World(app, clock, cast, standing)
    row = Row(world, app.test_client(), app.test_client())
    if standing.was is not None:
        world.sign_in(row.client)

    row.try_everything()

    assert row.cells > 150  # none was forgotten by a loop that ends early
    assert "\n".join(row.wrong) == ""

"""Who may enter: every route declares what it requires, or the app does not start; who acts is known in one place.

A view that needs a thing begins by fetching it for the person who asks, so that it never holds one they may not see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from app.clock import CLOCK, Clock
from app.domain import networks
from app.domain.errors import NotAllowed
from app.domain.people import Actor, Person
from app.domain.roles import Deed, Relation, may
from app.web.error_pages import OTHER_ROLE
from app.web.htmx import wants_fragment

View = TypeVar("View", bound=Callable[..., object])
TRUSTED_PROXIES = "postern_trusted_proxies"
USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Requirement:
    """What a route asks of the person: nothing, to be signed in, or to be somebody who may do a deed anywhere."""

    signed_in: bool = True
    deed: Deed | None = None


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The person behind this request, as read from the database for this request."""

    person: Person
    # The secret in the cookie, and its digest, which names the row.
    cookie: str
    session_id: str
    password_at: datetime

    def get_id(self) -> str:
        """What the cookie holds: the session's secret, not the person's id."""
        return self.cookie


def anyone(view: View) -> View:
    """Declare that a route needs no sign-in."""
    view.requirement = Requirement(signed_in=False)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that a route needs a signed-in person; what they may touch is decided where the thing is fetched."""
    view.requirement = Requirement()  # type: ignore[attr-defined]
    return view


def requires(deed: Deed) -> Callable[[View], View]:
    """Declare that a route needs a person whose role allows the deed everywhere."""

    def mark(view: View) -> View:
        view.requirement = Requirement(deed=deed)  # type: ignore[attr-defined]
        return view

    return mark


def in_background(view: View) -> View:
    """Declare that pages ask this by themselves while nobody does anything: it keeps nobody signed in, and sends nobody
    who is not any more away from what they are typing."""
    view.in_background = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask, login: LoginManager) -> None:
    """Guard every route of the app. `login` loads people."""
    anyone(app.view_functions["static"])
    login.session_protection = None
    login.init_app(app)
    app.before_request(_guard)


def check_every_route(app: Flask) -> None:
    """Raise RuntimeError for a route that declares nothing."""
    silent = [name for name, view in app.view_functions.items() if requirement_of(view) is None]
    if silent:
        raise RuntimeError(f"these routes do not say what they require: {', '.join(silent)}")


def requirement_of(view: Callable[..., object]) -> Requirement | None:
    """What a view declares."""
    return cast(Requirement | None, getattr(view, "requirement", None))


def is_in_background() -> bool:
    """Whether the page made this request, not the person who sits at it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "in_background", False) and wants_fragment()


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    requirement = requirement_of(current_app.view_functions[request.endpoint])
    if requirement is None:
        raise NotAllowed("This page does not say who may see it.")
    if not requirement.signed_in:
        return None
    if not current_user.is_authenticated:
        # What is asked of them instead is what was given to `login.unauthorized_handler`.
        return cast(Response, current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
    if requirement.deed is not None and not may(requirement.deed, current_person().role):
        raise NotAllowed(f"You may not {requirement.deed.value}.", code=OTHER_ROLE.code)
    return None


def now() -> datetime:
    """The one instant of this request."""
    if "now" not in g:
        clock: Clock = current_app.extensions[CLOCK]
        g.now = clock()
    return cast(datetime, g.now)


def signed_in_person() -> SignedIn:
    """Who is signed in, with their session. Only behind a route that requires it."""
    return cast(SignedIn, current_user._get_current_object())  # noqa: SLF001  # the way to what a proxy stands for


def current_person() -> Person:
    """Who is signed in. Only behind a route that requires it."""
    return signed_in_person().person


def actor() -> Actor:
    """Who makes the changes of this request, and from where."""
    person = current_person() if current_user.is_authenticated else None
    return Actor(
        person_id=person.id if person else None,
        name=person.name if person else "",
        address=peer_address(),
        user_agent=request.user_agent.string[:USER_AGENT_LENGTH] or None,
        request_id=g.get("request_id"),
    )


def peer_address() -> str | None:
    """The address that speaks to us, past trusted proxies; None where it cannot be told."""
    found = networks.peer_of(request.environ, current_app.extensions[TRUSTED_PROXIES])
    return str(found) if found else None


def unheard_proxy() -> str | None:
    """The address of a proxy that this very request came through without being believed, for those who run Postern."""
    if not may(Deed.SEE_AUDIT, current_person().role):
        return None
    return networks.unheard_proxy(request.environ, current_app.extensions[TRUSTED_PROXIES])


def require(deed: Deed, relation: Relation) -> None:
    """Raise NotAllowed where the person may not do the deed to the thing at hand, for pages that prepare it."""
    if not may(deed, current_person().role, relation):
        raise NotAllowed(f"You may not {deed.value}.")


def deeds(relation: Relation) -> frozenset[str]:
    """The names of all deeds that the person may do to the thing at hand (`rotate_key`, …), for templates to offer."""
    role = current_person().role
    return frozenset(deed.name.lower() for deed in Deed if may(deed, role, relation))

"""What people of the example do, each by the verb that a page would call."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.domain import expiry
from app.domain.applications import Extent
from app.domain.identifiers import random_text
from app.domain.people import Actor, Person
from app.domain.restrictions import Typed
from app.domain.roles import Role
from app.services import approvals as decisions
from app.services import people
from app.services.applications.create import create_application
from app.services.applications.edit import set_answers_for
from app.services.tokens.issue import FORM_ID_LENGTH, Issued, IssueForm, issue_token
from app.services.tokens.rotate import rotate_key
from app.store.database import db
from app.store.queries import applications, approvals, tokens
from app.store.queries.approvals import RequestView

T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """A token that somebody wants. `ends` is for an expiry on a date."""

    name: str
    scopes: tuple[str, ...]
    expires: str
    about: str = ""
    reason: str = ""
    ends: datetime | None = None
    restrictions: Typed = Typed()


def join(name: str, role: Role, password: str, at: datetime) -> Person:
    """Somebody comes to Postern, with a password."""
    email = f"{name.lower()}@example.com"
    return Person(people.add_example_person(email, name, role.value, password, at), name, email, role)


def create(person: Person, name: str, about: str, at: datetime) -> str:
    """They create an application; its id."""
    return create_application(name, about, _as(person), at)


def answer_for(person: Person, application_id: str, resources: list[str], at: datetime) -> None:
    """They say whose scopes the application is told about."""
    version = _seen(applications.find(db.session(), person, application_id)).version
    set_answers_for(application_id, str(version), Extent.SOME, resources, _as(person), at)


def issue(person: Person, application_id: str, wish: Wish, at: datetime) -> Issued:
    """They issue a token, or ask for it."""
    on = f"{wish.ends:%Y-%m-%d}" if wish.expires == expiry.CUSTOM else ""
    form_id = random_text(FORM_ID_LENGTH)
    typed = (wish.name, wish.about, wish.scopes, wish.expires, on, wish.reason, wish.restrictions)
    return issue_token(IssueForm(application_id, form_id, *typed), _as(person), at)


def rotate(person: Person, token_id: str, overlap: str, reason: str, at: datetime) -> None:
    """They rotate the token's key, which nobody keeps."""
    key_id = _seen(tokens.find(db.session(), person, token_id, at)).current_key.id
    rotate_key(token_id, key_id, overlap, _as(person), at, reason)


def approve(person: Person, issued: Issued, comment: str, at: datetime) -> None:
    """They look at the request and approve it."""
    view = _request(person, issued, at)
    decisions.approve(view.id, view.fingerprint, comment, _as(person), at)


def reject(person: Person, issued: Issued, comment: str, at: datetime) -> None:
    """They look at the request and reject it."""
    view = _request(person, issued, at)
    decisions.reject(view.id, view.fingerprint, comment, _as(person), at)


def _request(person: Person, issued: Issued, at: datetime) -> RequestView:
    return _seen(approvals.find(db.session(), person, issued.request_id or "", at))


def _seen(found: T | None) -> T:
    if found is None:
        raise RuntimeError("somebody in the example does not see what they are said to act on")
    return found


def _as(person: Person) -> Actor:
    return Actor(person.id, person.name)

"""The little that one person of the table reaches for: an application, its tokens and requests, and other people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.people import Actor, Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import links, passwords, people_standing
from app.services.applications.people import add_member, remove_member
from app.services.applications.switch import disable_application
from app.services.emergency import activate_emergency_access
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.rotate import rotate_key
from app.services.tokens.stop_many import Wanted, stop_tokens
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import applications, approvals, tokens
from app.store.queries.approvals import TokenRequest
from app.store.queries.tokens import TokenView
from app.store.tables import UserRow
from tests import factories, people
from tests.cast import Cast
from tests.factories import actor
from tests.matrix.standings import OWNER, REMOVED, STRANGER, Standing

SECOND_LOW = "product:read"
REASON = "Payday is on Friday"
# Whoever looks behind the pages sees everything.
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)


@dataclass
class World:
    """Things are made when they are asked for, and kept until somebody was let do something: `forget`."""

    app: Flask
    clock: FixedClock
    cast: Cast
    standing: Standing
    person_id: str = ""
    email: str = "pat@example.com"
    application: str = ""
    _made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.app.app_context():
            self.person_id = factories.make_person("Pat", Role(self.standing.was or "member"), self.now)
            factories.make_scope(SECOND_LOW, Risk.LOW, self.now)
            self.application = self._new_application()
            if self.standing.asked:
                self._made["waiting"] = self._issue(self.person_id, self.cast.high)
            self._befall()

    def _befall(self) -> None:
        """What happened to the person after they asked."""
        standing, by_ada = self.standing, actor(self.cast.ada, "Ada")
        if standing.bond == REMOVED:
            remove_member(self.application, self.person_id, by_ada, self.now)
        if standing.role is None:
            people_standing.deactivate(self.person_id, by_ada, self.now)
        elif standing.role != standing.was:
            people_standing.change_role(self.person_id, standing.role, by_ada, self.now)

    @property
    def now(self) -> datetime:
        return self.clock()

    def sign_in(self, client: FlaskClient) -> str:
        """Give the client a live session of the person, whether or not they are active; the session's id."""
        with self.app.app_context():
            return factories.sign_in(client, self.person_id, self.now)

    def forget(self, *, key_too: bool = False) -> None:
        """Something was done: what was made for it may not be any more what it was made to be."""
        kept = {"key", "its key"} - ({"key", "its key"} if key_too else set())
        if self.standing.asked and not self._still_asks:
            kept.add("waiting")
        self._made = {what: thing for what, thing in self._made.items() if what in kept}

    def with_password(self) -> str:
        """The person's password, which is theirs from now on."""
        people.give_hash(self.app, self.person_id, passwords.hashed(people.PASSWORD), self.now)
        return people.PASSWORD

    def made(self, what: str, make: Callable[[], str]) -> str:
        """The thing of this name, made now if it is not there."""
        if what not in self._made:
            with self.app.app_context():
                self._made[what] = make()
        return self._made[what]

    @property
    def key(self) -> str:
        """The live key of a token of the application."""
        self.made("key", lambda: self._issue(self._issuer, self.cast.low, keep_key=True))
        return self._made["its key"]

    def active(self) -> str:
        """An active Low token, issued by the person where they are one to issue."""
        return self.made("active", lambda: self._issue(self._issuer, self.cast.low))

    def waiting(self) -> str:
        """A High token that waits; the person's own where they asked, and then it may not wait any more."""
        return self.made("waiting", lambda: self._issue(self._issuer, self.cast.high))

    def disabled(self) -> str:
        """A Low token that Linus disabled."""
        return self.made("disabled", self._disabled)

    def rotating(self) -> str:
        """A Low token whose old key still works."""
        return self.made("rotating", self._rotating)

    def incident(self) -> str:
        """Low tokens that Linus stopped together."""
        return self.made("incident", self._stopped)

    def lifted(self) -> str:
        """A Low token with emergency access."""
        return self.made("lifted", self._lifted)

    def spare(self) -> str:
        """Another application to which the person is the same."""
        return self.made("spare", self._new_application)

    def spare_member(self) -> str:
        """Somebody who works on the spare application."""
        spare = self.spare()
        return self.made("spare member", lambda: self._newcomer(spare))

    def switched_off(self) -> str:
        """Another one, which its owner disabled."""
        return self.made("switched off", self._switched_off)

    def somebody(self) -> str:
        """A person who has nothing to do with anything; their email is their id's."""
        return self.made("somebody", lambda: factories.make_person(random_text(8), Role.MEMBER, self.now))

    def somebodys_email(self) -> str:
        with self.app.app_context():
            return db.session.get_one(UserRow, self.somebody()).email

    def link(self) -> str:
        """The secret of somebody's one-time link."""
        somebody = self.somebody()
        return self.made("link", lambda: links.make_link(somebody, actor(self.cast.ada, "Ada"), self.now))

    def token(self, token_id: str) -> TokenView:
        with self.app.app_context():
            found = tokens.find(db.session(), SEES_ALL, token_id, self.now)
        assert found is not None
        return found

    def request(self) -> TokenRequest:
        """The request about the waiting token."""
        token_id = self.waiting()
        with self.app.app_context():
            found = approvals.of_token(db.session(), SEES_ALL, token_id, self.now)
        assert isinstance(found, TokenRequest)
        return found

    def version_of(self, application: str) -> str:
        with self.app.app_context():
            found = applications.find(db.session(), SEES_ALL, application)
        assert found is not None
        return str(found.version)

    @property
    def _linus(self) -> Actor:
        return actor(self.cast.linus, "Linus")

    @property
    def _issuer(self) -> str:
        """The person where they asked and still can, else Linus."""
        return self.person_id if self.standing.asked and self._still_asks else self.cast.linus

    @property
    def _still_asks(self) -> bool:
        return self.standing.bond != REMOVED and self.standing.role is not None

    @property
    def _owner(self) -> str:
        return self.person_id if self.standing.bond == OWNER else self.cast.linus

    def _new_application(self) -> str:
        team = {self.cast.linus, self.cast.margaret}
        # Who was removed was a member of the first application only.
        if self.standing.bond != STRANGER and not (self.standing.bond == REMOVED and self.application):
            team.add(self.person_id)
        members = tuple(sorted(team - {self._owner}))
        return factories.make_application(f"Till {random_text(8)}", self._owner, self.now, members=members)

    def _issue(self, by: str, scope: str, *, keep_key: bool = False) -> str:
        name, form_id = f"Report {random_text(8)}", random_text(22)
        form = IssueForm(self.application, form_id, name, "", (scope,), "1 month", "", REASON)
        issued = issue_token(form, actor(by, "somebody"), self.now)
        if keep_key:
            self._made["its key"] = issued.key
        return issued.token_id

    def _disabled(self) -> str:
        token_id = self._issue(self.cast.linus, self.cast.low)
        disable_token(token_id, "", self._linus, self.now)
        return token_id

    def _stopped(self) -> str:
        wanted = Wanted("disable", [self._issue(self.cast.linus, self.cast.low)], "", self.application)
        return stop_tokens(wanted, self._linus, self.now).incident_id

    def _rotating(self) -> str:
        token_id = self._issue(self.cast.linus, self.cast.low)
        rotate_key(token_id, self.token(token_id).current_key.id, "24 hours", self._linus, self.now)
        return token_id

    def _lifted(self) -> str:
        token_id = self._issue(self.cast.linus, self.cast.low)
        activate_emergency_access(token_id, "1", REASON, actor(self.cast.ada, "Ada"), self.now)
        return token_id

    def _newcomer(self, application: str) -> str:
        somebody = factories.make_person(random_text(8), Role.MEMBER, self.now)
        email = db.session.get_one(UserRow, somebody).email
        add_member(application, email, actor(self.cast.ada, "Ada"), self.now)
        return somebody

    def _switched_off(self) -> str:
        application = self._new_application()
        disable_application(application, "", actor(self._owner, "its owner"), self.now)
        return application

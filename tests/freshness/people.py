"""People who change tokens at random, and note when each key could be accepted."""

import os
import random
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from time import sleep
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import Refusal
from app.services.applications.switch import disable_application, enable_application
from app.services.tokens.rotate import finish_rotation, rotate_key
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db
from app.store.queries import tokens
from app.store.tables import TokenRow
from tests.factories import make_application
from tests.freshness.clients import Clients
from tests.freshness.history import History
from tests.real.meanwhile import meanwhile
from tests.verification.conftest import Office
from tests.verification.test_restrictions import narrow

TOKENS = int(os.environ.get("POSTERN_CHECK_TOKENS", "24"))
PEOPLE = 4
PAUSE_SECONDS = 0.02
# Where a change went through and nobody was told: it shows by itself within five seconds (SPEC 16), and a little more
# on a machine that is busy.
UNTOLD_SECONDS = 6.0
# Keys that stopped for good and are asked about all the same.
MOST_DEAD = 30
T = TypeVar("T")


@dataclass
class Key:
    """A key, its number among those that are asked about, and when it could be accepted."""

    key: str
    number: int
    history: History = field(default_factory=History)


@dataclass
class Holding:
    """A token, its keys that work (the retiring one first), and what starts it again where it is stopped."""

    token_id: str
    keys: list[Key]
    start: Callable[[], object] | None = None


@dataclass
class Somebody:
    """One person with an application of their own."""

    office: Office
    clients: Clients
    application_id: str
    chance: random.Random
    histories: dict[str, History]
    holdings: list[Holding] = field(default_factory=list)
    changes: int = 0
    _dead: deque[Key] = field(default_factory=deque)

    def issue(self) -> None:
        """One more token."""
        issued = self._read(lambda place: self.office.issue(application_id=place), self.application_id)
        if len(self.holdings) % 5 == 0:
            self._until_done(self._edit(issued.token_id, rate_limit="100000/second"))
        self.holdings.append(Holding(issued.token_id, [self._known(issued.key)]))

    def act(self) -> None:
        """Change one token, or all of them at once."""
        self.changes += 1
        if self.chance.random() < 0.01:
            self._close_application()
            return
        holding = self.chance.choice(self.holdings)
        if holding.start is not None:
            self._begin(holding.keys, holding.start)
            holding.start = None
            return
        kinds = (self._disable, self._narrow, self._rotate, self._overlap, self._finish, self._revoke)
        (kind,) = self.chance.choices(kinds, weights=(30, 25, 15, 15, 10, 3))
        kind(holding)

    def _disable(self, holding: Holding) -> None:
        token_id = holding.token_id
        self._end(holding.keys, lambda: self.office.do(disable_token, token_id, ""))
        holding.start = lambda: self.office.do(enable_token, token_id, "It is needed again")

    def _narrow(self, holding: Holding) -> None:
        # Nobody who asks says where the token is used from.
        self._end(holding.keys, self._edit(holding.token_id, ip_whitelist="10.0.0.0/8"))
        holding.start = self._edit(holding.token_id, ip_whitelist="")

    def _rotate(self, holding: Holding) -> None:
        self._give_new_key(holding, "immediately", holding.keys)

    def _overlap(self, holding: Holding) -> None:
        self._give_new_key(holding, "1 hour", holding.keys[:-1])

    def _give_new_key(self, holding: Holding, overlap: str, ends: Sequence[Key]) -> None:
        token_id, key_id, made = holding.token_id, self._read(self.office.key_id, holding.token_id), list[str]()
        self._end(ends, lambda: made.append(self.office.do(rotate_key, token_id, key_id, overlap).key))
        self._bury(ends)
        holding.keys = [key for key in holding.keys if key not in ends]
        if made:
            # Nobody asks about the new key before it is known here.
            holding.keys.append(self._known(made[0]))
        else:
            # It went through, and its answer did not arrive: nobody has the key.
            self._revoke(holding)

    def _finish(self, holding: Holding) -> None:
        if len(holding.keys) < 2:
            self._overlap(holding)
            return
        retiring = holding.keys[:1]
        key_id = self._read(self._retiring, holding.token_id)
        self._end(retiring, lambda: self.office.do(finish_rotation, holding.token_id, key_id))
        self._bury(retiring)
        holding.keys = holding.keys[1:]

    def _revoke(self, holding: Holding) -> None:
        self._end(holding.keys, lambda: self.office.do(revoke_token, holding.token_id, ""))
        self._bury(holding.keys)
        self.holdings.remove(holding)
        self.issue()

    def _close_application(self) -> None:
        good = [key for holding in self.holdings if holding.start is None for key in holding.keys]
        self._end(good, lambda: self.office.do(disable_application, self.application_id, ""))
        self._begin(good, lambda: self.office.do(enable_application, self.application_id, ""))

    def _end(self, keys: Sequence[Key], act: Callable[[], object]) -> None:
        for key in keys:
            key.history.stops()
        late = self._until_done(act)
        for key in keys:
            key.history.stopped(late)

    def _begin(self, keys: Sequence[Key], act: Callable[[], object]) -> None:
        for key in keys:
            key.history.starts()
        late = self._until_done(act)
        for key in keys:
            key.history.started(late)

    def _until_done(self, act: Callable[[], object]) -> float:
        """Do it, again and again while the database is away. How much later than now it shows at the latest."""
        for tries in count():
            try:
                act()
            except SQLAlchemyError:
                sleep(0.1)
            except Refusal:
                if not tries:
                    raise
                # It was done by an earlier try, which ended before it could tell anybody.
                return UNTOLD_SECONDS
            else:
                return 0.0
        raise AssertionError

    def _known(self, key: str) -> Key:
        # The history first: it is looked up for whatever is asked.
        history = self.histories[key] = History()
        return Key(key, self.clients.ask_about(key), history)

    def _bury(self, keys: Sequence[Key]) -> None:
        self._dead.extend(keys)
        while len(self._dead) > MOST_DEAD:
            self.clients.forget(self._dead.popleft().number)

    def _edit(self, token_id: str, **typed: str) -> Callable[[], None]:
        """An edit of the token as it is now; done twice it is refused."""
        version = self._read(self._version, token_id)
        return lambda: narrow(self.office, token_id, version, **typed)

    def _version(self, token_id: str) -> int:
        with self.office.app.app_context():
            return db.session.get_one(TokenRow, token_id).version

    def _retiring(self, token_id: str) -> str:
        with self.office.app.app_context():
            _, retiring = tokens.live_keys(db.session(), token_id, self.office.clock())
            return retiring.id

    def _read(self, read: Callable[[str], T], about: str) -> T:
        found: list[T] = []
        self._until_done(lambda: found.append(read(about)))
        return found[0]


@dataclass
class People:
    """Several of them at once."""

    people: Sequence[Somebody]
    faults: list[Exception] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many there were."""
        return sum(one.changes for one in self.people)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """They change things while the block runs."""
        with meanwhile([partial(self._go_on, one) for one in self.people]):
            yield
        assert self.faults == []

    def _go_on(self, somebody: Somebody, over: threading.Event) -> None:
        try:
            while not over.wait(PAUSE_SECONDS):
                somebody.act()
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test is told
            self.faults.append(fault)


def assembled(office: Office, clients: Clients, histories: dict[str, History]) -> People:
    """The people, each with an application and a share of the tokens."""
    people = []
    for number in range(PEOPLE):
        with office.app.app_context():
            application_id = make_application(f"Application {number}", office.cast.linus, office.clock())
        people.append(Somebody(office, clients, application_id, random.Random(number), histories))
        for _ in range(TOKENS // PEOPLE):
            people[-1].issue()
    return People(people)

"""Who people are to the things they reach for: every row of the table, and the grants of SPEC 2 and 7 written out once
more, so that the program's own table is compared with something."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

MEMBER, ADMINISTRATOR, SUPERUSER = ROLES = ("member", "administrator", "superuser")
# A requester works on the application and asked for the request at hand; a removed one asked for it and had to go.
OWNER, REQUESTER, TEAMMATE, STRANGER, REMOVED = BONDS = ("owner", "requester", "teammate", "stranger", "removed")
WORKS = frozenset({OWNER, REQUESTER, TEAMMATE})
ALL = frozenset(BONDS)
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """One person: what they are now, and what they were when they asked. `role` is None for who is deactivated, and for
    who never signed in (`was` is None as well)."""

    role: str | None
    bond: str
    was: str | None

    def __str__(self) -> str:
        if self.was is None:
            return "nobody"
        fate = "deactivated " if self.role is None else "former " if self.role != self.was else ""
        return f"{fate}{self.was} {self.bond}".replace(" ", "-")

    @property
    def asked(self) -> bool:
        """Whether the request at hand is their own."""
        return self.bond in {REQUESTER, REMOVED}


NOBODY = Standing(None, STRANGER, None)


def every() -> Iterator[Standing]:
    """The rows of the table."""
    yield from (Standing(role, bond, role) for role, bond in product(ROLES, BONDS))
    yield from (Standing(MEMBER, bond, ADMINISTRATOR) for bond in (REQUESTER, STRANGER))
    yield from (Standing(None, bond, was) for bond, was in ((REQUESTER, ADMINISTRATOR), (STRANGER, SUPERUSER)))
    yield NOBODY


@dataclass(frozen=True)
class Grant:
    """To whom something is granted: for each role, as what to the application."""

    member: frozenset[str]
    administrator: frozenset[str]
    superuser: frozenset[str]
    # Sign-in pages: whoever comes.
    nobody: bool = False

    def covers(self, standing: Standing) -> bool:
        """Whether it is granted to this person."""
        if standing.role is None:
            return self.nobody
        granted: frozenset[str] = getattr(self, standing.role)
        return standing.bond in granted


# The table of SPEC 2, a line for each of its rows.
SEE = Grant(WORKS, ALL, ALL)
CREATE = SIGNED_IN = Grant(ALL, ALL, ALL)
MANAGE = Grant(frozenset({OWNER}), ALL, ALL)
ISSUE = ROTATE = Grant(WORKS, WORKS, WORKS)
EDIT = ENABLE = DISABLE = REVOKE = Grant(WORKS, ALL, ALL)
AUDIT = ANSWERS_FOR = CATALOGUE = Grant(NONE, ALL, ALL)
# One's own, and as owner of the application; superusers all. What a removed person asked for was cancelled with them.
CANCEL = Grant(frozenset({OWNER, REQUESTER}), frozenset({OWNER, REQUESTER}), ALL - {REMOVED})
# Never one's own, whatever one is and was.
DECIDE = Grant(NONE, ALL - {REQUESTER, REMOVED}, ALL - {REQUESTER, REMOVED})
PEOPLE = POLICY = EMERGENCY = INCIDENT = Grant(NONE, NONE, ALL)
ANYONE = Grant(ALL, ALL, ALL, nobody=True)
NO_ONE = Grant(NONE, NONE, NONE)

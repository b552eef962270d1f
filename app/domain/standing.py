"""What people are here, their role and whether they are active, and what follows when that changes (SPEC 2)."""

from app.domain.errors import Conflict, Unfit
from app.domain.people import Person
from app.domain.roles import Deed, Relation, Role, may


def role(raw: str) -> Role:
    """The role that a form names. Raises Unfit."""
    try:
        return Role(raw)
    except ValueError:
        raise Unfit(f"Choose one of {', '.join(each.value for each in Role)}.") from None


def require_active(person: Person) -> None:
    """Raise Conflict for somebody who is deactivated: nothing about them changes any more."""
    if not person.active:
        raise Conflict(f"{person.name} is deactivated.", code="deactivated")


def require_new_role(person: Person, after: Role) -> None:
    """Raise Conflict where the person has this role already, as when two people change it at once."""
    if person.role is after:
        raise Conflict(f"{person.name} is {described(after)} already.", code="role_unchanged")


def require_superuser_left(person: Person, after: Role | None, others: int) -> None:
    """Raise Conflict where nobody would be left to manage people. `after` is the role that the person would have, None
    if they are deactivated; `others` is how many other active superusers there are."""
    if person.role is Role.SUPERUSER and after is not Role.SUPERUSER and others == 0:
        raise Conflict(
            f"{person.name} is the last active superuser. Make somebody else a superuser first.",
            code="last_superuser",
        )


def may_still_ask(person: Person, deed: Deed, relation: Relation) -> bool:
    """Whether the person could ask for this deed today, being this to the application."""
    return person.active and may(deed, person.role, relation)


def described(role: Role) -> str:
    """The role with its article, to stand behind "is"."""
    return f"an {role.value}" if role is Role.ADMINISTRATOR else f"a {role.value}"

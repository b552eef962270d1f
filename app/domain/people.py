"""Who acts, and what an event remembers of them."""

from dataclasses import dataclass

from app.domain.roles import Role


@dataclass(frozen=True)
class Person:
    """A person as rules and queries see them, read from the database at each request."""

    id: str
    name: str
    email: str
    role: Role
    active: bool = True


@dataclass(frozen=True)
class Actor:
    """Who makes a change and from where. `person_id` is None for the host's own commands and for a key that
    revokes itself; the name is then what the audit log shows. Rights are read again inside the transaction."""

    person_id: str | None
    name: str
    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None

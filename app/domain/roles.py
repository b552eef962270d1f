"""Who may do what: the table of SPEC 2, as data."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is everywhere in Postern."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    SUPERUSER = "superuser"

    @property
    def is_administrator(self) -> bool:
        """Superusers may everything that administrators may."""
        return self is not Role.MEMBER


class Relation(StrEnum):
    """What a person is to one application."""

    OWNER = "owner"
    MEMBER = "member"
    STRANGER = "stranger"


class Deed(StrEnum):
    """What a person can set out to do."""

    SEE_APPLICATION = "see this application"
    CREATE_APPLICATION = "create an application"
    MANAGE_APPLICATION = "change this application"
    ISSUE_TOKEN = "issue tokens here"
    EDIT_TOKEN = "edit this token"
    ENABLE_TOKEN = "enable this token"
    ROTATE_KEY = "rotate this token's key"
    DISABLE_TOKEN = "disable this token"
    REVOKE_TOKEN = "revoke this token"
    SEE_AUDIT = "see the audit log"
    CANCEL_REQUEST = "cancel this request"
    DECIDE_REQUEST = "decide this request"
    SET_ANSWERS_FOR = "set what an application answers for"
    EDIT_CATALOGUE = "edit the scope catalogue"
    MANAGE_PEOPLE = "manage people"
    SET_POLICY = "set the approval policy"
    USE_EMERGENCY_ACCESS = "use emergency access"
    HANDLE_INCIDENT = "stop tokens of all applications at once"


NOBODY: frozenset[Relation] = frozenset()
OWNER = frozenset({Relation.OWNER})
PEOPLE = frozenset({Relation.OWNER, Relation.MEMBER})
EVERYONE = frozenset(Relation)

# deed: (a member may where ..., an administrator may where ..., a superuser may where ...)
MAY: dict[Deed, tuple[frozenset[Relation], frozenset[Relation], frozenset[Relation]]] = {
    Deed.SEE_APPLICATION: (PEOPLE, EVERYONE, EVERYONE),
    Deed.CREATE_APPLICATION: (EVERYONE, EVERYONE, EVERYONE),
    Deed.MANAGE_APPLICATION: (OWNER, EVERYONE, EVERYONE),
    Deed.ISSUE_TOKEN: (PEOPLE, PEOPLE, PEOPLE),
    Deed.EDIT_TOKEN: (PEOPLE, EVERYONE, EVERYONE),
    Deed.ENABLE_TOKEN: (PEOPLE, EVERYONE, EVERYONE),
    Deed.ROTATE_KEY: (PEOPLE, PEOPLE, PEOPLE),
    Deed.DISABLE_TOKEN: (PEOPLE, EVERYONE, EVERYONE),
    Deed.REVOKE_TOKEN: (PEOPLE, EVERYONE, EVERYONE),
    Deed.SEE_AUDIT: (NOBODY, EVERYONE, EVERYONE),
    # One's own request may be cancelled as well, which needs no right but being its requester.
    Deed.CANCEL_REQUEST: (OWNER, OWNER, EVERYONE),
    # Never one's own: see approval.may_decide.
    Deed.DECIDE_REQUEST: (NOBODY, EVERYONE, EVERYONE),
    Deed.SET_ANSWERS_FOR: (NOBODY, EVERYONE, EVERYONE),
    Deed.EDIT_CATALOGUE: (NOBODY, EVERYONE, EVERYONE),
    Deed.MANAGE_PEOPLE: (NOBODY, NOBODY, EVERYONE),
    Deed.SET_POLICY: (NOBODY, NOBODY, EVERYONE),
    Deed.USE_EMERGENCY_ACCESS: (NOBODY, NOBODY, EVERYONE),
    Deed.HANDLE_INCIDENT: (NOBODY, NOBODY, EVERYONE),
}
_COLUMN = {Role.MEMBER: 0, Role.ADMINISTRATOR: 1, Role.SUPERUSER: 2}


def may(deed: Deed, role: Role, relation: Relation = Relation.STRANGER) -> bool:
    """Whether a person of this role, who is this to the application, may do the deed."""
    return relation in MAY[deed][_COLUMN[role]]


def may_enable(disabled_by_administrator: bool, role: Role) -> bool:
    """Whether a person of this role may switch on again what is disabled, if they may switch it at all: what an
    administrator disabled, only an administrator enables."""
    return role.is_administrator or not disabled_by_administrator

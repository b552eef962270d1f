"""Roles and standing of people: SPEC 2."""

import pytest

from app.domain import standing
from app.domain.errors import Conflict, Unfit
from app.domain.people import Person
from app.domain.roles import Deed, Relation, Role

MEMBER, ADMINISTRATOR, SUPERUSER = Role


def person(role: Role, *, active: bool = True) -> Person:
    return Person("usr_1", "Ada", "ada@example.com", role, active)


@pytest.mark.parametrize("role", Role)
def test_a_form_names_a_role_by_its_word(role: Role) -> None:
    assert standing.role(role.value) is role


@pytest.mark.parametrize("raw", ["", "Superuser", "SUPERUSER", " superuser", "king", "member\x00"])
def test_other_words_are_no_role(raw: str) -> None:
    with pytest.raises(Unfit, match="Choose one of member, administrator, superuser"):
        standing.role(raw)


@pytest.mark.parametrize(
    ("role", "after", "others", "allowed"),
    [
        (SUPERUSER, MEMBER, 0, False),
        (SUPERUSER, ADMINISTRATOR, 0, False),
        (SUPERUSER, None, 0, False),
        (SUPERUSER, SUPERUSER, 0, True),
        (SUPERUSER, MEMBER, 1, True),
        (SUPERUSER, None, 1, True),
        (ADMINISTRATOR, MEMBER, 0, True),
        (ADMINISTRATOR, None, 0, True),
        (MEMBER, SUPERUSER, 0, True),
        (MEMBER, None, 0, True),
    ],
)
def test_the_last_superuser_stays_one(role: Role, after: Role | None, others: int, allowed: bool) -> None:
    if allowed:
        standing.require_superuser_left(person(role), after, others)
        return
    with pytest.raises(Conflict, match="Ada is the last active superuser") as refused:
        standing.require_superuser_left(person(role), after, others)
    assert refused.value.code == "last_superuser"


def test_who_is_deactivated_changes_no_more() -> None:
    standing.require_active(person(MEMBER))
    with pytest.raises(Conflict, match="Ada is deactivated"):
        standing.require_active(person(MEMBER, active=False))


@pytest.mark.parametrize(
    ("role", "sentence"), [(MEMBER, "a member already"), (ADMINISTRATOR, "an administrator already")]
)
def test_a_role_that_one_has_is_no_change(role: Role, sentence: str) -> None:
    standing.require_new_role(person(SUPERUSER), role)
    with pytest.raises(Conflict, match=sentence):
        standing.require_new_role(person(role), role)


@pytest.mark.parametrize(
    ("deed", "role", "relation", "kept"),
    [
        (Deed.ISSUE_TOKEN, MEMBER, Relation.MEMBER, True),
        (Deed.ISSUE_TOKEN, MEMBER, Relation.STRANGER, False),
        (Deed.ISSUE_TOKEN, SUPERUSER, Relation.STRANGER, False),
        (Deed.EDIT_TOKEN, MEMBER, Relation.OWNER, True),
        (Deed.EDIT_TOKEN, MEMBER, Relation.STRANGER, False),
        (Deed.EDIT_TOKEN, ADMINISTRATOR, Relation.STRANGER, True),
        (Deed.EDIT_CATALOGUE, ADMINISTRATOR, Relation.STRANGER, True),
        (Deed.EDIT_CATALOGUE, MEMBER, Relation.STRANGER, False),
        (Deed.SET_POLICY, ADMINISTRATOR, Relation.STRANGER, False),
    ],
)
def test_who_may_ask_keeps_the_request_unless_deactivated(
    deed: Deed, role: Role, relation: Relation, kept: bool
) -> None:
    assert standing.may_still_ask(person(role), deed, relation) is kept
    assert not standing.may_still_ask(person(role, active=False), deed, relation)

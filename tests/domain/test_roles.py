"""Who may do what: the table of SPEC 2."""

import pytest

from app.domain.roles import Deed, Relation, Role, may

# Columns: owner, member, stranger; for a member, an administrator, a superuser.
TABLE = {
    Deed.SEE_APPLICATION: ("++-", "+++", "+++"),
    Deed.CREATE_APPLICATION: ("+++", "+++", "+++"),
    Deed.MANAGE_APPLICATION: ("+--", "+++", "+++"),
    Deed.ISSUE_TOKEN: ("++-", "++-", "++-"),
    Deed.EDIT_TOKEN: ("++-", "+++", "+++"),
    Deed.ENABLE_TOKEN: ("++-", "+++", "+++"),
    Deed.ROTATE_KEY: ("++-", "++-", "++-"),
    Deed.DISABLE_TOKEN: ("++-", "+++", "+++"),
    Deed.REVOKE_TOKEN: ("++-", "+++", "+++"),
    Deed.SEE_AUDIT: ("---", "+++", "+++"),
    Deed.CANCEL_REQUEST: ("+--", "+--", "+++"),
    Deed.DECIDE_REQUEST: ("---", "+++", "+++"),
    Deed.SET_ANSWERS_FOR: ("---", "+++", "+++"),
    Deed.EDIT_CATALOGUE: ("---", "+++", "+++"),
    Deed.MANAGE_PEOPLE: ("---", "---", "+++"),
    Deed.SET_POLICY: ("---", "---", "+++"),
    Deed.USE_EMERGENCY_ACCESS: ("---", "---", "+++"),
    Deed.HANDLE_INCIDENT: ("---", "---", "+++"),
}


@pytest.mark.parametrize("deed", Deed)
def test_the_table_is_the_one_of_the_contract(deed: Deed) -> None:
    found = tuple("".join("+" if may(deed, role, bond) else "-" for bond in Relation) for role in Role)

    assert found == TABLE[deed]

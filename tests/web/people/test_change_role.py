"""Another role, on a person's page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.roles import Role
from tests.cast import Cast
from tests.web.forms import is_signed_in
from tests.web.people.conftest import OTHERS, Look, Visit, Visitor


def test_the_page_offers_the_role_that_they_have(ada: Visitor, cast: Cast) -> None:
    page = ada.get(f"/users/{cast.grace}").text
    assert 'selected value="administrator"' in page


def test_a_new_role_holds_and_signs_them_out_from_the_next_click(
    visit: Visit, ada: Visitor, cast: Cast, look: Look
) -> None:
    linus, elsewhere = visit(cast.linus), visit(cast.linus)
    assert is_signed_in(linus.client)

    answer = ada.post(f"/users/{cast.linus}/role", role="administrator")

    assert (answer.status_code, answer.location) == (303, f"/users/{cast.linus}")
    assert "Linus has been signed out everywhere." in ada.get(answer.location).text
    assert look.at(cast.linus).role is Role.ADMINISTRATOR
    assert not is_signed_in(linus.client)
    assert not is_signed_in(elsewhere.client)
    assert is_signed_in(ada.client)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_changes_roles(visit: Visit, cast: Cast, look: Look, who: str) -> None:
    visitor = visit(getattr(cast, who))

    for target in (cast.margaret, getattr(cast, who)):
        assert visitor.get(f"/users/{target}").status_code == 403
        assert visitor.post(f"/users/{target}/role", role="superuser").status_code == 403
    assert look.at(getattr(cast, who)).role is not Role.SUPERUSER


def test_a_superuser_who_was_demoted_is_out_at_once(visit: Visit, ada: Visitor, cast: Cast, look: Look) -> None:
    ada.post(f"/users/{cast.grace}/role", role="superuser")
    grace = visit(cast.grace)
    grace.post(f"/users/{cast.ada}/role", role="member")

    answer = ada.post(f"/users/{cast.ada}/role", role="superuser")

    assert answer.status_code in {302, 303, 401}
    assert look.at(cast.ada).role is Role.MEMBER


@pytest.mark.parametrize("raw", ["", "king", "Superuser", "member\x00"])
def test_what_is_no_role_is_said_at_the_field(ada: Visitor, cast: Cast, look: Look, raw: str) -> None:
    answer = ada.post(f"/users/{cast.linus}/role", role=raw)

    assert answer.status_code == 422
    assert 'id="role-error"' in answer.text
    assert look.at(cast.linus).role is Role.MEMBER


@pytest.mark.parametrize("user_id", ["usr_x", "usr_%00", "usr_0000000000000000000000", "%25"])
def test_nobody_by_this_id_is_not_found(ada: Visitor, user_id: str) -> None:
    assert ada.get(f"/users/{user_id}").status_code == 404
    for verb in ("role", "deactivate", "link"):
        assert ada.post(f"/users/{user_id}/{verb}", role="member").status_code == 404


def test_twice_at_once_the_second_is_told(visit: Visit, cast: Cast) -> None:
    browsers = [visit(cast.ada) for _ in range(2)]
    path = f"/users/{cast.linus}/role"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one.post(path, role="administrator"), browsers))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    [told] = [answer.text for answer in answers if answer.status_code == 409]
    assert "Linus is an administrator already." in told


@pytest.mark.parametrize("role", ["member", "administrator"])
def test_the_last_superuser_is_told_why_they_stay(ada: Visitor, cast: Cast, look: Look, role: str) -> None:
    answer = ada.post(f"/users/{cast.ada}/role", role=role)

    assert answer.status_code == 409
    assert "Ada is the last active superuser. Make somebody else a superuser first." in answer.text
    assert look.at(cast.ada).role is Role.SUPERUSER
    assert is_signed_in(ada.client)


def test_the_password_is_asked_for_if_it_was_not_typed_lately(
    ada: Visitor, cast: Cast, clock: FixedClock, look: Look
) -> None:
    clock.advance(timedelta(minutes=10))
    for verb in ("role", "deactivate", "link"):
        assert "Your password, once more" in ada.post(f"/users/{cast.linus}/{verb}", role="superuser").text
    assert look.at(cast.linus).role is Role.MEMBER
    assert look.at(cast.linus).active

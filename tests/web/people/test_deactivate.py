"""Deactivating somebody, with what they leave behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store.database import db
from bench import copies
from tests import people
from tests.cast import Cast
from tests.web.forms import is_signed_in, sign_in
from tests.web.people.conftest import OTHERS, Issue, Look, Visit, Visitor


def test_from_the_next_click_on_they_are_out(
    app: Flask, visit: Visit, ada: Visitor, look: Look, clock: FixedClock, cast: Cast
) -> None:
    nora_id = people.add(app, "Nora", clock())
    nora = app.test_client()
    sign_in(nora, "nora@example.com", people.PASSWORD)
    assert is_signed_in(nora)

    answer = ada.post(f"/users/{nora_id}/deactivate")

    assert (answer.status_code, answer.location) == (303, f"/users/{nora_id}")
    assert "Nora is deactivated" in ada.get(answer.location).text
    assert not is_signed_in(nora)
    assert sign_in(nora, "nora@example.com", people.PASSWORD).status_code == 422
    assert not look.at(nora_id).active


def test_what_they_own_and_the_live_keys_they_saw_are_named_before_and_after(
    ada: Visitor, cast: Cast, issue: Issue
) -> None:
    hers = issue(by=cast.margaret, name="Nightly")
    his = issue(name="Weekly")

    margaret, linus = (ada.get(f"/users/{one}").text for one in (cast.margaret, cast.linus))

    assert hers.hint in margaret.partition("<dialog")[2]
    assert (his.hint in margaret, f"/applications/{cast.billing}/settings" in margaret) == (False, False)
    assert his.hint in linus.partition("<dialog")[2]
    assert f"/applications/{cast.billing}/settings" in linus.partition("<dialog")[2]

    after = ada.get(ada.post(f"/users/{cast.linus}/deactivate").location).text
    assert "Left to do: hand over the applications and rotate the keys below." in after
    assert his.hint in after
    assert f"/applications/{cast.billing}/settings" in after
    assert "<dialog" not in after


def test_of_very_many_live_keys_the_first_are_listed_and_the_others_counted(
    app: Flask, ada: Visitor, cast: Cast, issue: Issue
) -> None:
    token_id = issue(name="Nightly").token_id
    with app.app_context(), db.engine.begin() as connection:
        copies.make(connection, token_id, copies.fillers(cast.billing, 104, "night"))

    page = ada.get(f"/users/{cast.linus}").text.partition("<dialog")[2]
    assert page.count('<li><a href="/tokens/') == 100
    assert "And 5 others, which come up here as these are rotated." in page


def test_once_all_is_taken_care_of_nothing_is_left_to_do(ada: Visitor, cast: Cast) -> None:
    ada.post(f"/users/{cast.linus}/deactivate")
    version = ada.get(f"/applications/{cast.billing}/settings").text.partition('name="version" value="')[2]
    ada.post(
        f"/applications/{cast.billing}/settings/owner", version=version.partition('"')[0], email="margaret@example.com"
    )

    page = ada.get(f"/users/{cast.linus}").text
    assert "Left to do" not in page
    assert cast.billing not in page


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_deactivates(visit: Visit, cast: Cast, look: Look, who: str) -> None:
    visitor = visit(getattr(cast, who))

    for target in (cast.ada, cast.margaret):
        assert visitor.post(f"/users/{target}/deactivate").status_code == 403
    assert look.at(cast.margaret).active


def test_it_is_done_by_a_post_alone(ada: Visitor, cast: Cast, look: Look) -> None:
    assert ada.get(f"/users/{cast.linus}/deactivate").status_code == 405
    assert ada.client.post(f"/users/{cast.linus}/deactivate").status_code in {400, 403, 422}
    assert look.at(cast.linus).active


def test_twice_at_once_the_second_is_told(visit: Visit, cast: Cast) -> None:
    browsers = [visit(cast.ada) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one.post(f"/users/{cast.linus}/deactivate"), browsers))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert any("Linus is deactivated." in answer.text for answer in answers)


def test_the_last_superuser_is_told_why_they_stay(ada: Visitor, cast: Cast, look: Look) -> None:
    answer = ada.post(f"/users/{cast.ada}/deactivate")

    assert answer.status_code == 409
    assert "Ada is the last active superuser." in answer.text
    assert look.at(cast.ada).active


def test_who_is_deactivated_is_offered_nothing(ada: Visitor, cast: Cast) -> None:
    ada.post(f"/users/{cast.sam}/deactivate")

    page = ada.get(f"/users/{cast.sam}").text

    for verb in ("role", "deactivate", "link"):
        assert f"/users/{cast.sam}/{verb}" not in page
    assert ada.post(f"/users/{cast.sam}/role", role="administrator").status_code == 409
    assert ada.post(f"/users/{cast.sam}/link").status_code == 403

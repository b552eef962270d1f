"""Ending a rotation overlap early: SPEC 6, "Finish now"."""

from datetime import timedelta

import pytest

from tests.web.tokens.conftest import House, Issue, Visitor


@pytest.fixture
def overlapping(issue: Issue, house: House) -> str:
    """The id of a token whose rotation is not finished."""
    token_id = issue().token_id
    house.rotate(token_id, "24 hours")
    return token_id


def old_key(house: House, token_id: str) -> str:
    key = house.token(token_id).retiring_key
    assert key is not None
    return key.id


def test_the_old_key_stops_now(linus: Visitor, house: House, overlapping: str) -> None:
    answer = linus.post(f"/tokens/{overlapping}/finish", key_id=old_key(house, overlapping))
    assert (answer.status_code, answer.location) == (303, f"/tokens/{overlapping}")
    assert house.token(overlapping).retiring_key is None
    assert "The old key has stopped" in linus.get(answer.location).text


def test_the_page_shows_both_keys_and_the_button(linus: Visitor, house: House, overlapping: str) -> None:
    page = linus.get(f"/tokens/{overlapping}").text
    for key in house.token(overlapping).keys:
        assert key.hint in page
    assert ">Finish now<" in page


def test_once_the_overlap_is_over_there_is_nothing_to_finish(linus: Visitor, house: House, overlapping: str) -> None:
    key_id = old_key(house, overlapping)
    house.clock.advance(timedelta(hours=24))
    linus.sign_in_again()
    assert ">Finish now<" not in linus.get(f"/tokens/{overlapping}").text
    answer = linus.post(f"/tokens/{overlapping}/finish", key_id=key_id)
    assert answer.status_code == 303
    assert "already stopped" in linus.get(answer.location).text


def test_the_current_key_is_never_finished(linus: Visitor, house: House, overlapping: str) -> None:
    current = house.token(overlapping).current_key
    linus.post(f"/tokens/{overlapping}/finish", key_id=current.id)
    assert house.token(overlapping).current_key == current


def test_a_second_press_is_harmless(linus: Visitor, house: House, overlapping: str) -> None:
    key_id = old_key(house, overlapping)
    answers = [linus.post(f"/tokens/{overlapping}/finish", key_id=key_id).status_code for _ in range(2)]
    assert answers == [303, 303]

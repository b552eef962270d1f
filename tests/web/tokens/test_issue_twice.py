"""A form sent twice issues one token, and never shows a key again: SPEC 5."""

import re

import pytest

from app.domain.keys import PATTERN
from tests.cast import Cast
from tests.web.tokens.conftest import House, Visit, Visitor, fields, key_in, token_of


@pytest.fixture
def form(cast: Cast) -> str:
    return f"/applications/{cast.billing}/credentials/new"


def test_the_second_post_leads_to_the_token_of_the_first(linus: Visitor, form: str, house: House) -> None:
    sent = fields()
    first = linus.post(form, **sent)
    token_id = token_of(first)
    second = linus.post(form, **sent)
    assert (second.status_code, second.location) == (303, f"/tokens/{token_id}")
    page = linus.get(second.location).text
    assert "cannot be shown again" in page
    assert not re.search(PATTERN, second.text + page)
    assert len(house.listed()) == 1


def test_the_second_post_may_say_something_else_and_still_changes_nothing(
    linus: Visitor, form: str, house: House
) -> None:
    sent = fields()
    linus.post(form, **sent)
    assert linus.post(form, **{**sent, "name": "Another", "scopes": []}).status_code == 303
    assert len(house.listed()) == 1


def test_a_form_that_was_refused_can_be_sent_again(linus: Visitor, form: str) -> None:
    sent = fields(name="")
    assert linus.post(form, **sent).status_code == 422
    assert key_in(linus.post(form, **{**sent, "name": "Better"}))


def test_another_person_is_not_led_to_a_token_by_guessing_its_form(
    linus: Visitor, visit: Visit, form: str, house: House, cast: Cast
) -> None:
    sent = fields()
    linus.post(form, **sent)
    assert key_in(visit(cast.margaret).post(form, **{**sent, "name": "Hers"}))
    assert len(house.listed()) == 2


@pytest.mark.parametrize("form_id", ["", "short", "x" * 23, "é" * 22, "\x00" * 22])
def test_a_form_without_its_number_is_not_taken(linus: Visitor, form: str, house: House, form_id: str) -> None:
    answer = linus.post(form, **fields(form_id=form_id))
    assert answer.status_code == 409
    assert "Open it again" in answer.text
    assert house.listed() == []


def test_each_form_that_is_shown_has_a_number_of_its_own(linus: Visitor, form: str) -> None:
    numbers = {re.search(r'name="form_id"[^>]* value="(\w{22})"', linus.get(form).text) for _ in range(3)}
    assert len({found.group(1) for found in numbers if found}) == 3

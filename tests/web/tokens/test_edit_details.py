"""Editing the name and description of a token on its Overview: SPEC 6."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, address, low, medium, opened, save

__all__ = ["low", "medium"]


def test_a_name_and_a_description_change_at_once_without_a_reason(linus: Visitor, medium: str, house: House) -> None:
    answer = save(linus, medium, "details", name="Invoice writer", description="At night", reason="")

    assert (answer.status_code, answer.location) == (303, f"/tokens/{medium}")
    token = house.token(medium)
    assert (token.name, token.description) == ("Invoice writer", "At night")
    page = linus.get(f"/tokens/{medium}").text
    for piece in ("Saved. It holds from now on.", "<h1>Invoice writer</h1>", "Name changed from “Writer” to"):
        assert piece in page, piece


def test_the_form_stands_in_the_place_of_the_card_and_holds_what_is_there(linus: Visitor, medium: str) -> None:
    page = linus.get(address(medium, "details")).text
    assert 'value="Writer"' in page
    assert ">\r\nWrites</textarea>" in page
    assert page.count(">Save changes</button>") == 1
    assert f'href="/tokens/{medium}"' in page
    assert 'id="edit-details"' not in page
    assert 'id="edit-scopes"' in page


def test_the_form_comes_alone_where_htmx_asks(linus: Visitor, medium: str) -> None:
    page = linus.client.get(address(medium, "details"), headers=FRAGMENT).text
    assert "<html" not in page
    assert page.count('<div id="tabbed">') == 1
    assert ">Save changes</button>" in page


def test_where_htmx_asks_the_page_comes_back_with_its_head_and_is_announced(
    linus: Visitor, medium: str, house: House
) -> None:
    sent = {**opened(linus, medium, "details"), "csrf_token": linus.form_token, "name": "Invoice writer"}
    answer = linus.client.post(address(medium, "details"), data=sent, headers=FRAGMENT)
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == answer.headers["HX-Reselect"] == "#main"
    assert "Saved." in answer.headers["HX-Trigger"]
    for piece in ("<h1>Invoice writer</h1>", "Name changed from “Writer” to", 'id="edit-details"'):
        assert piece in answer.text, piece
    # A description that was not sent is left alone.
    assert house.token(medium).description == "Writes"


def test_saving_what_is_there_already_changes_nothing(linus: Visitor, medium: str, house: House) -> None:
    before = house.token(medium)
    answer = save(linus, medium, "details", name="Writer", description="Writes")
    assert answer.status_code == 303
    assert "Nothing was changed" in linus.get(answer.location).text
    assert house.token(medium) == before


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Enter a name."),
        ({"name": "x" * 101}, "name", "at most 100"),
        ({"name": "NIGHTLY report "}, "name", "has this name"),
        ({"description": "x" * 2001}, "description", "at most 2,000"),
        ({"reason": "x" * 2001}, "reason", "at most 2,000"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_is_kept(
    linus: Visitor, low: str, medium: str, house: House, typed: dict[str, str], field: str, sentence: str
) -> None:
    before, shown = house.token(medium), opened(linus, medium, "details")
    kept = {"name": "Kept", "description": "Kept <text>", "reason": "Kept too"}
    answer = save(linus, medium, "details", **{**kept, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    for name in kept.keys() - typed.keys():
        assert kept[name].replace("<text>", "&lt;text&gt;") in answer.text
    assert f'name="version" value="{shown["version"]}"' in answer.text
    assert house.token(medium) == before


def test_a_key_in_a_text_is_refused_and_does_not_come_back(linus: Visitor, medium: str, issue: Issue) -> None:
    key = issue(name="Other").key
    answer = save(linus, medium, "details", name="Writer", description=f"The key is {key}")
    assert answer.status_code == 422
    assert key not in answer.text


def test_who_comes_second_gets_409_with_what_changed_since_and_saves_again(
    linus: Visitor, visit: Visit, medium: str, house: House, cast: Cast
) -> None:
    sent = opened(linus, medium, "details")
    save(visit(cast.margaret), medium, "details", name="Margaret's", description="Writes")

    answer = linus.post(address(medium, "details"), **sent, name="Mine", description="Kept", reason="")
    assert answer.status_code == 409
    since = answer.text.split('aria-label="What changed since"')[1].split("</ul>")[0]
    assert since.count("<li>") == 1
    assert "Name changed from “Writer” to “Margaret&#39;s” (Margaret" in since
    assert 'value="Mine"' in answer.text
    assert house.token(medium).name == "Margaret's"

    answer = save(linus, medium, "details", name="Mine", description="Kept")
    assert answer.status_code == 303
    assert house.token(medium).name == "Mine"


@pytest.mark.parametrize(
    "hidden", [{"version": ""}, {"version": "-1"}, {"version": "7", "seen": "x"}, {"seen": "9" * 30}]
)
def test_hidden_fields_that_nobody_was_shown_are_stale_or_ignored(
    linus: Visitor, medium: str, hidden: dict[str, Any]
) -> None:
    sent = {**opened(linus, medium, "details"), "name": "Mine", **hidden}
    assert linus.post(address(medium, "details"), **sent).status_code == (409 if "version" in hidden else 303)


@pytest.mark.parametrize("part", ["name", "security", "DETAILS", "details/x"])
def test_there_are_no_other_parts(linus: Visitor, medium: str, part: str) -> None:
    assert linus.get(address(medium, part)).status_code == 404
    assert linus.post(address(medium, part), name="x").status_code == 404

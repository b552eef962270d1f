"""Editing a token: SPEC 6 and 7."""

from datetime import UTC, datetime

import pytest

from app.clock import FixedClock
from app.domain.errors import Invalid, NotFound
from app.domain.risk import Risk
from app.services.tokens.edit import EditForm, Stale, edit_token
from app.store.database import db
from app.store.queries import history
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue
from tests.services.tokens.editing import Edit, edit, held, low, medium, seen

__all__ = ["edit", "low", "medium"]


def test_a_span_that_ends_when_the_token_ends_anyway_changes_nothing(edit: Edit, low: str, clock: FixedClock) -> None:
    before = seen(low, clock)
    assert edit(low, expires="1 month").changes == ()
    assert seen(low, clock) == before


def test_a_name_and_a_description_change_at_once_and_without_a_reason(
    edit: Edit, medium: str, clock: FixedClock
) -> None:
    edited = edit(medium, name="Invoice writer", description="For the night", reason="")

    found = seen(medium, clock)
    assert (found.name, found.description) == ("Invoice writer", "For the night")
    assert edited.request_id is None
    assert history.of_token(db.session(), medium)[0].action == "token.updated"


def test_a_scope_is_removed_at_once(edit: Edit, medium: str, cast: Cast, clock: FixedClock) -> None:
    assert edit(medium, scopes=(cast.low,)).request_id is None

    assert held(medium, clock) == [cast.low]
    assert seen(medium, clock).risk is Risk.LOW


def test_an_earlier_end_holds_at_once(edit: Edit, medium: str, clock: FixedClock) -> None:
    assert edit(medium, expires="custom", expires_on="2026-11-24").request_id is None

    assert seen(medium, clock).expires_at == datetime(2026, 11, 25, tzinfo=UTC)


def test_a_low_token_is_loosened_at_once_as_long_as_it_stays_low(edit: Edit, low: str, clock: FixedClock) -> None:
    assert edit(low, expires="never").request_id is None

    assert seen(low, clock).expires_at is None


def test_the_end_that_it_has_already_is_no_edit_however_it_is_written(edit: Edit, low: str) -> None:
    assert edit(low, expires="1 month").changes == ()


@pytest.mark.parametrize("first", [{"name": "First"}, {"scopes": ("invoice:read",)}, {"expires": "1 week"}])
def test_of_two_people_editing_at_once_the_second_is_told(
    edit: Edit, medium: str, clock: FixedClock, first: dict[str, object]
) -> None:
    version = seen(medium, clock).version
    edit(medium, version=version, **first)

    with pytest.raises(Stale):
        edit(medium, version=version, name="Second")


def test_an_edit_that_changes_nothing_is_none(edit: Edit, medium: str, clock: FixedClock) -> None:
    before = len(history.of_token(db.session(), medium))

    assert edit(medium, name="Writer", description="").changes == ()

    assert len(history.of_token(db.session(), medium)) == before


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_administrators_may_edit_what_is_not_theirs(edit: Edit, medium: str, cast: Cast, who: str) -> None:
    assert edit(medium, by=getattr(cast, who), scopes=(cast.low,)).request_id is None


def test_a_stranger_hears_that_there_is_nothing(edit: Edit, medium: str, cast: Cast) -> None:
    with pytest.raises(NotFound):
        edit(medium, by=cast.sam, name="Mine")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 2001}, "description"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("no:such",)}, "scopes"),
        ({"expires": "custom", "expires_on": "2026-11-22"}, "expires_on"),
        ({"expires": "sometime"}, "expires"),
        ({"scopes": ("invoice:read",), "reason": "short"}, "reason"),
        ({"expires": "never", "reason": ""}, "reason"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    edit: Edit, medium: str, clock: FixedClock, typed: dict[str, object], field: str
) -> None:
    version = seen(medium, clock).version

    with pytest.raises(Invalid) as refused:
        edit(medium, **typed)

    assert list(refused.value.fields) == [field]
    assert seen(medium, clock).version == version


def test_a_name_that_another_live_token_has_is_taken_but_ones_own_is_not(edit: Edit, issue: Issue, low: str) -> None:
    issue(name="Taken")

    with pytest.raises(Invalid):
        edit(low, name="taken ")
    assert edit(low, name="nightly REPORT").changes


@pytest.mark.parametrize("version", ["", "1 OR 1=1", "-1", "999"])
def test_a_version_that_was_never_shown_is_stale(cast: Cast, low: str, clock: FixedClock, version: str) -> None:
    with pytest.raises(Stale):
        edit_token(EditForm(low, version, name="Other"), actor(cast.linus), clock())

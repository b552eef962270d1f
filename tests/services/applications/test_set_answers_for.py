"""What an application answers for as a verifying service: SPEC 2 and 3."""

import pytest

from app.clock import FixedClock
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.scopes import AnswersFor
from app.services.applications.edit import set_answers_for
from app.services.applications.fetch import Stale
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import Events, View


@pytest.mark.parametrize(
    ("extent", "resources", "stored"),
    [
        ("some", ["invoice"], AnswersFor(frozenset({"invoice"}))),
        ("some", ["invoice", "payout", "invoice"], AnswersFor(frozenset({"invoice", "payout"}))),
        ("all", ["invoice"], AnswersFor(everything=True)),
    ],
)
def test_administrators_set_it(
    billing: View, cast: Cast, clock: FixedClock, extent: str, resources: list[str], stored: AnswersFor
) -> None:
    set_answers_for(cast.billing, "1", extent, resources, actor(cast.grace), clock())

    assert billing().answers_for == stored


def test_it_can_be_taken_back(billing: View, cast: Cast, clock: FixedClock) -> None:
    set_answers_for(cast.billing, "1", "all", [], actor(cast.grace), clock())
    set_answers_for(cast.billing, "2", "none", ["invoice"], actor(cast.ada), clock())

    assert billing().answers_for == AnswersFor()


def test_it_is_one_event_with_before_and_after(events: Events, cast: Cast, clock: FixedClock) -> None:
    set_answers_for(cast.billing, "1", "some", ["payout", "invoice"], actor(cast.grace), clock())

    assert events()[0].action == "application.answers_for_set"
    assert events()[0].changes == ({"field": "answers_for", "before": [], "after": ["invoice", "payout"]},)


def test_the_same_again_is_no_event(events: Events, cast: Cast, clock: FixedClock) -> None:
    before = len(events())

    set_answers_for(cast.billing, "1", "none", [], actor(cast.grace), clock())

    assert len(events()) == before


@pytest.mark.parametrize(
    ("extent", "resources", "field"),
    [
        ("some", [], "resources"),
        ("some", ["invoice", "nothing"], "resources"),
        ("some", ["\x00"], "resources"),
        ("", [], "extent"),
        ("everything", [], "extent"),
    ],
)
def test_what_is_not_on_the_form_is_refused(
    billing: View, cast: Cast, clock: FixedClock, extent: str, resources: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_answers_for(cast.billing, "1", extent, resources, actor(cast.grace), clock())
    assert set(refused.value.fields) == {field}
    assert billing().answers_for == AnswersFor()


def test_of_two_at_once_the_second_is_told(billing: View, cast: Cast, clock: FixedClock) -> None:
    set_answers_for(cast.billing, "1", "all", [], actor(cast.grace), clock())

    with pytest.raises(Stale):
        set_answers_for(cast.billing, "1", "some", ["invoice"], actor(cast.barbara), clock())
    assert billing().answers_for.everything


def test_not_even_the_owner_sets_it(billing: View, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        set_answers_for(cast.billing, "1", "all", [], actor(cast.linus), clock())
    with pytest.raises(NotFound):
        set_answers_for(cast.billing, "1", "all", [], actor(cast.sam), clock())
    assert billing().answers_for == AnswersFor()

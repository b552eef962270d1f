"""Editing name and description: SPEC 3."""

import pytest

from app.clock import FixedClock
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.services.applications.edit import update_application
from app.services.applications.fetch import Stale
from app.services.applications.switch import disable_application
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import Events, View


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_the_owner_and_administrators_edit(billing: View, cast: Cast, clock: FixedClock, who: str) -> None:
    update_application(cast.billing, "1", "Invoicing", "Writes invoices.", actor(getattr(cast, who)), clock())

    assert (billing().name, billing().description) == ("Invoicing", "Writes invoices.")


def test_it_is_one_event_with_before_and_after(billing: View, events: Events, cast: Cast, clock: FixedClock) -> None:
    update_application(cast.billing, "1", "Invoicing", "", actor(cast.linus), clock())

    assert events()[0].action == "application.updated"
    assert events()[0].changes == ({"field": "name", "before": "Billing", "after": "Invoicing"},)


def test_the_same_texts_again_are_no_change_and_no_event(
    billing: View, events: Events, cast: Cast, clock: FixedClock
) -> None:
    before = len(events())

    update_application(cast.billing, "1", "Billing ", "", actor(cast.linus), clock())

    assert len(events()) == before
    assert billing().version == 1


def test_only_the_spelling_of_the_name_may_change(billing: View, cast: Cast, clock: FixedClock) -> None:
    update_application(cast.billing, "1", "BILLING", "", actor(cast.linus), clock())

    assert billing().name == "BILLING"


def test_the_name_of_another_application_is_taken(billing: View, cast: Cast, clock: FixedClock) -> None:
    factories.make_application("Shop", cast.sam, clock())

    with pytest.raises(Invalid) as refused:
        update_application(cast.billing, "1", "shop", "", actor(cast.linus), clock())

    assert set(refused.value.fields) == {"name"}
    assert billing().name == "Billing"


def test_of_two_who_edit_at_once_the_second_is_told_what_changed(billing: View, cast: Cast, clock: FixedClock) -> None:
    update_application(cast.billing, "1", "Invoicing", "", actor(cast.grace, "Grace"), clock())

    with pytest.raises(Stale) as stale:
        update_application(cast.billing, "1", "Bills", "", actor(cast.linus), clock())

    assert stale.value.sentence == "Grace changed this application after you opened it."
    assert [event.changes for event in stale.value.since] == [
        ({"field": "name", "before": "Billing", "after": "Invoicing"},)
    ]
    assert billing().name == "Invoicing"


def test_everything_that_happened_since_is_told(billing: View, cast: Cast, clock: FixedClock) -> None:
    update_application(cast.billing, "1", "Invoicing", "", actor(cast.grace), clock())
    disable_application(cast.billing, "", actor(cast.ada), clock())

    with pytest.raises(Stale) as stale:
        update_application(cast.billing, "1", "Bills", "", actor(cast.linus), clock())

    assert [event.action for event in stale.value.since] == ["application.disabled", "application.updated"]


@pytest.mark.parametrize("version", ["", "0", "2", "-1", "one", "١", "9" * 400, "1\x00"])
def test_a_version_that_is_not_the_current_one_is_refused(
    billing: View, cast: Cast, clock: FixedClock, version: str
) -> None:
    with pytest.raises(Stale):
        update_application(cast.billing, version, "Bills", "", actor(cast.linus), clock())


def test_a_member_sees_it_but_may_not(billing: View, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        update_application(cast.billing, "1", "Bills", "", actor(cast.margaret), clock())
    assert billing().name == "Billing"


@pytest.mark.parametrize("application_id", ["", "app_0", "app_\x00", "tok_" + "0" * 22, "app_" + "0" * 22])
def test_what_is_not_there_is_not_found(billing: View, cast: Cast, clock: FixedClock, application_id: str) -> None:
    with pytest.raises(NotFound):
        update_application(application_id, "1", "Bills", "", actor(cast.ada), clock())


def test_to_a_stranger_it_is_not_there(billing: View, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        update_application(cast.billing, "1", "Bills", "", actor(cast.sam), clock())

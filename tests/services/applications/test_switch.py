"""Disabling and enabling an application: SPEC 2 and 3."""

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.services.applications.edit import update_application
from app.services.applications.switch import disable_application, enable_application
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import Events, View


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_whoever_manages_it_disables_and_enables(billing: View, cast: Cast, clock: FixedClock, who: str) -> None:
    disable_application(cast.billing, "", actor(getattr(cast, who)), clock())
    assert not billing().enabled

    enable_application(cast.billing, "", actor(getattr(cast, who)), clock())
    assert billing().enabled


def test_each_is_one_event_with_the_reason(events: Events, cast: Cast, clock: FixedClock) -> None:
    before = len(events())

    disable_application(cast.billing, " Leaked. ", actor(cast.linus), clock())
    enable_application(cast.billing, "", actor(cast.linus), clock())

    enabled, disabled = events()[:2]
    assert len(events()) == before + 2
    assert (disabled.action, disabled.reason) == ("application.disabled", "Leaked.")
    assert disabled.changes == ({"field": "enabled", "before": True, "after": False},)
    assert (enabled.action, enabled.reason) == ("application.enabled", "")


def test_what_an_administrator_disabled_only_an_administrator_enables(
    billing: View, cast: Cast, clock: FixedClock
) -> None:
    disable_application(cast.billing, "", actor(cast.grace), clock())

    with pytest.raises(NotAllowed):
        enable_application(cast.billing, "", actor(cast.linus), clock())
    assert not billing().enabled

    enable_application(cast.billing, "", actor(cast.barbara), clock())
    assert billing().enabled
    assert not billing().disabled_by_administrator


def test_an_owner_enables_again_what_they_disabled_later(billing: View, cast: Cast, clock: FixedClock) -> None:
    disable_application(cast.billing, "", actor(cast.grace), clock())
    enable_application(cast.billing, "", actor(cast.grace), clock())
    disable_application(cast.billing, "", actor(cast.linus), clock())

    enable_application(cast.billing, "", actor(cast.linus), clock())
    assert billing().enabled


def test_of_two_at_once_the_second_is_told(billing: View, events: Events, cast: Cast, clock: FixedClock) -> None:
    disable_application(cast.billing, "", actor(cast.linus), clock())
    before = len(events())

    with pytest.raises(Conflict):
        disable_application(cast.billing, "", actor(cast.grace), clock())
    assert len(events()) == before

    enable_application(cast.billing, "", actor(cast.linus), clock())
    with pytest.raises(Conflict):
        enable_application(cast.billing, "", actor(cast.linus), clock())


def test_an_emergency_stop_does_not_care_who_edited(billing: View, cast: Cast, clock: FixedClock) -> None:
    update_application(cast.billing, "1", "Invoicing", "", actor(cast.grace), clock())

    disable_application(cast.billing, "", actor(cast.linus), clock())
    assert not billing().enabled


@pytest.mark.parametrize("reason", ["x" * 2001, "Bill\u200bing", "pst_" + "0" * 49])
def test_a_reason_that_does_not_fit_is_refused(billing: View, cast: Cast, clock: FixedClock, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        disable_application(cast.billing, reason, actor(cast.linus), clock())
    assert set(refused.value.fields) == {"reason"}
    assert billing().enabled


def test_members_may_not_and_strangers_find_nothing(billing: View, cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NotAllowed):
        disable_application(cast.billing, "", actor(cast.margaret), clock())
    with pytest.raises(NotFound):
        disable_application(cast.billing, "", actor(cast.sam), clock())
    assert billing().enabled

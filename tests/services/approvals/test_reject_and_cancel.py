"""Refusing a request, and taking it back: SPEC 7."""

import pytest

from app.clock import FixedClock
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.lifecycle import Status
from app.services.approvals import cancel, reject
from app.store.database import db
from app.store.queries import history, tokens
from tests.cast import Cast
from tests.factories import actor
from tests.services.approvals.conftest import ADA, Ask, shown


def test_a_rejected_token_is_final_and_says_so(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    reject(request.id, request.fingerprint, "Use the shared token", actor(cast.grace), clock())

    found = tokens.find(db.session(), ADA, request.token_id, clock())
    assert found is not None
    assert (found.status, found.refused_how) == (Status.REJECTED, "rejected")
    assert shown(request.id, clock).comment == "Use the shared token"
    assert history.of_token(db.session(), request.token_id)[0].action == "approval.rejected"


@pytest.mark.parametrize("comment", ["", "  ", "\u200b"])
def test_rejecting_takes_a_comment(ask: Ask, cast: Cast, clock: FixedClock, comment: str) -> None:
    request = ask(cast.medium)

    with pytest.raises(Invalid):
        reject(request.id, request.fingerprint, comment, actor(cast.grace), clock())


def test_the_requester_does_not_reject_but_cancels(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    with pytest.raises(NotAllowed):
        reject(request.id, request.fingerprint, "No", actor(cast.linus), clock())
    cancel(request.id, actor(cast.linus), clock())

    found = tokens.find(db.session(), ADA, request.token_id, clock())
    assert found is not None
    assert (found.status, found.refused_how) == (Status.REJECTED, "cancelled")


@pytest.mark.parametrize(("who", "may"), [("linus", True), ("ada", True), ("grace", False)])
def test_the_owner_and_superusers_cancel_what_others_asked_for(
    ask: Ask, cast: Cast, clock: FixedClock, who: str, may: bool
) -> None:
    request = ask(by=cast.margaret)

    if may:
        cancel(request.id, actor(getattr(cast, who)), clock())
        assert shown(request.id, clock).status == "cancelled"
    else:
        with pytest.raises(NotAllowed):
            cancel(request.id, actor(getattr(cast, who)), clock())


def test_a_teammate_does_not_cancel_and_a_stranger_sees_nothing(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()

    with pytest.raises(NotAllowed):
        cancel(request.id, actor(cast.margaret), clock())
    with pytest.raises(NotFound):
        cancel(request.id, actor(cast.sam), clock())


def test_a_request_is_cancelled_once(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    request = ask()
    cancel(request.id, actor(cast.linus), clock())

    with pytest.raises(Conflict):
        cancel(request.id, actor(cast.linus), clock())

    assert [event.action for event in history.of_token(db.session(), request.token_id)] == [
        "approval.cancelled",
        "token.issued",
    ]

"""What nobody would approve, taken apart into steps that look harmless one by one: every way fails (SPEC 4, 6, 7)."""

from datetime import timedelta

import pytest

from tests.histories.team import Team

READ, WRITE, PAY = "ledger:read", "ledger:write", "ledger:pay"


def test_dropping_the_high_scope_loosening_and_adding_it_again(team: Team) -> None:
    team.issue(READ, PAY)
    assert team.approve()
    assert team.edit("scopes", scopes=[READ])
    assert team.edit("expiry", expires="never")
    assert team.requests == ["approved"], "what is Low now may be loosened by anybody"

    assert team.edit("scopes", scopes=[READ, PAY])

    assert (team.scopes, team.requests) == ({READ}, ["approved", "pending"])
    assert team.says["scopes"] == [READ]
    assert "No expiration" in team.page("grace"), "whoever decides sees that it would not end any more"


@pytest.mark.parametrize("who", ["linus", "grace", "ada"])
def test_disabling_and_enabling_a_pending_token(team: Team, who: str) -> None:
    team.issue(PAY)
    assert not team.press("disable", who)
    assert not team.press("enable", who)
    assert (team.status, team.requests) == ("pending", ["pending"])
    assert team.says["code"] == "PENDING_APPROVAL"


def test_disabling_and_enabling_a_risky_token_later_than_a_slip_of_the_hand(team: Team) -> None:
    team.issue(PAY, expires="1 month")
    assert team.approve()
    assert team.press("disable")
    team.clock.advance(timedelta(minutes=31))
    assert team.press("enable")
    assert (team.status, team.requests[-1]) == ("disabled", "pending")


def test_disabling_and_enabling_around_a_loosening_that_waits(team: Team) -> None:
    team.issue(WRITE)
    assert team.approve()
    assert team.edit("scopes", scopes=[WRITE, PAY])
    assert team.press("disable")
    assert team.press("enable"), "the slip of a hand is taken back"
    assert team.requests[-1] == "void", "what waited when it was disabled does not come back with it"
    assert not team.approve()
    assert team.scopes == {WRITE}


def test_letting_a_stale_request_undo_a_later_tightening(team: Team) -> None:
    team.issue(READ, WRITE)
    assert team.approve()
    assert team.edit("scopes", "margaret", scopes=[READ, WRITE, PAY])
    assert team.edit("scopes", scopes=[READ])
    assert not team.approve()
    assert (team.scopes, team.requests[-1]) == ({READ}, "void")


def test_letting_a_stale_request_undo_a_tightening_of_something_else(team: Team) -> None:
    team.issue(READ, WRITE)
    assert team.approve()
    assert team.edit("expiry", "margaret", expires="never")
    assert team.edit("scopes", scopes=[READ])
    assert team.approve(), "what it changes is as it was"
    assert team.scopes == {READ}, "and the rest is as it is, not as it was"


def test_tightening_and_loosening_back_to_what_a_request_was_about(team: Team) -> None:
    team.issue(READ, WRITE)
    assert team.approve()
    assert team.edit("scopes", "margaret", scopes=[READ, WRITE, PAY])
    assert team.edit("scopes", scopes=[READ])
    assert team.edit("scopes", scopes=[READ, WRITE])
    assert team.approve(2)
    assert team.requests == ["approved", "void", "approved"]
    assert not team.approve(1), "a void request stays void, even where its before holds again"
    assert team.scopes == {READ, WRITE}


def test_mixing_a_tightening_with_a_loosening(team: Team) -> None:
    team.issue(READ, WRITE)
    assert team.approve()
    assert team.edit("scopes", scopes=[READ, PAY])
    assert (team.scopes, team.requests[-1]) == ({READ, WRITE}, "pending")


def test_asking_for_little_and_renaming_it_into_much(team: Team) -> None:
    """The decider reads the name: it cannot be changed between reading and deciding."""
    team.issue(READ, WRITE)
    assert team.approve()
    assert team.edit("scopes", scopes=[READ, WRITE, PAY])
    shown = team.shown(1)
    assert team.edit("details", name="Pays out every night", description="")
    assert not team.approve(1, shown=shown)
    assert team.scopes == {READ, WRITE}

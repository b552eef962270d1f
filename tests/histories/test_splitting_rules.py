"""To loosen the rules for a moment, use that, and tighten them again: a second person stands at the beginning of each
such way, whoever walks it, and what is left behind at its end has to be asked for from then on (SPEC 4, 7)."""

from datetime import timedelta

import pytest

from tests.histories.team import Team

PAY = "ledger:pay"


@pytest.mark.parametrize("who", ["grace", "iris"])
def test_lowering_a_risk_is_for_two(team: Team, who: str) -> None:
    assert team.set_risk(PAY, "low", who)
    assert not team.approve(who=who), "nobody decides their own request"
    assert team.requests == ["pending"]

    team.issue(PAY)

    assert (team.status, team.requests) == ("pending", ["pending", "pending"])
    assert team.says["code"] == "PENDING_APPROVAL"


def test_lowering_a_risk_together_with_something_harmless_is_for_two_as_well(team: Team) -> None:
    assert team.set_risk(PAY, "medium", "grace")
    assert not team.set_risk(PAY, "low", "grace"), "one request about a scope at a time"
    assert team.stage.world().catalogue[PAY].risk == 3


def test_lowering_a_risk_issuing_and_raising_it(team: Team) -> None:
    """Two people can; what they did is in the log, and whoever goes on from there is asked again."""
    assert team.set_risk(PAY, "low", "grace")
    assert team.approve(who="ada")
    team.issue(PAY)
    assert (team.status, team.requests) == ("active", ["approved"]), "what two people made Low is Low"

    assert team.set_risk(PAY, "high", "grace"), "one person raises it again"

    assert PAY in team.stage.get("grace", "/scopes")
    assert "Nightly 0" in team.stage.get("grace", "/scopes/review"), "what was issued meanwhile is there for review"
    assert team.edit("expiry", expires="never")
    assert team.requests == ["approved", "pending"]
    team.clock.advance(timedelta(days=7))
    assert team.status == "expired", "and it does not outlive what nobody approved"


def test_a_request_to_lower_a_risk_that_was_raised_meanwhile(team: Team) -> None:
    assert team.set_risk("ledger:write", "low", "grace")
    assert team.set_risk("ledger:write", "high", "iris")
    assert team.requests == ["void"]
    assert not team.approve(who="ada")
    team.issue("ledger:write")
    assert team.status == "pending"


@pytest.mark.parametrize("who", ["linus", "grace"])
def test_relaxing_the_policy_is_not_for_everybody(team: Team, who: str) -> None:
    assert not team.set_policy("high", "do-not-ask", who)
    assert team.requests == []


def test_relaxing_the_policy_is_for_two(team: Team) -> None:
    assert team.set_policy("high", "do-not-ask", "ada")
    assert not team.approve(who="ada"), "nobody decides their own request"

    team.issue(PAY)

    assert (team.status, team.requests) == ("pending", ["pending", "pending"])


def test_relaxing_the_policy_issuing_and_tightening_it(team: Team) -> None:
    """As with a risk: it takes two, and from the moment at which one tightens it everything is asked for again."""
    team.issue(PAY)
    assert team.set_policy("high", "do-not-ask", "ada")
    assert team.approve()
    assert team.status == "pending", "what waits goes on waiting"
    team.issue(PAY)
    assert team.status == "active"

    assert team.set_policy("high", "ask", "ada"), "one person tightens it again"

    assert team.edit("expiry", expires="never")
    assert team.requests == ["pending", "approved", "pending"]
    team.issue(PAY)
    assert team.status == "pending"


def test_a_request_to_relax_the_policy_after_its_time(team: Team) -> None:
    assert team.set_policy("high", "do-not-ask", "ada")
    shown = team.shown(0)
    team.clock.advance(timedelta(days=7))
    assert not team.approve(shown=shown)
    team.issue(PAY)
    assert (team.status, team.requests) == ("pending", ["expired", "pending"])


def test_asking_as_a_superuser_and_letting_it_in_as_somebody_else(team: Team) -> None:
    """Who asked loses their role: what they asked for goes with it, whoever approves."""
    assert team.set_policy("high", "do-not-ask", "ada")
    assert team.stage.post("iris", f"/users/{team.stage.ground.ids['ada']}/role", role="member")
    assert team.requests == ["cancelled"]
    assert not team.approve()
    team.issue(PAY)
    assert team.status == "pending"

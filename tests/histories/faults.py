"""Faults to plant into the program, each with the fewest steps in which it shows.

Histories that find nothing prove something only if they would have found these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain import approval, catalogue, edits, emergency, governance, standing
from app.services import emergency_windows, governing, requests
from app.services.matters import governance as of_rules
from app.services.matters.token import Change, OfToken
from app.services.scopes import content as of_scopes
from app.services.tokens import content, edit
from tests.histories.cast import ADA, GRACE, IRIS, LINUS, MARGARET
from tests.histories.planting import (
    Plant,
    agreed_risk,
    at_once,
    decide_on_whatever_is_there,
    false,
    instead,
    low_while_open,
    nothing,
    show_not,
    true,
)
from tests.histories.steps import Step

READ, WRITE, PAY = (frozenset({f"ledger:{action}"}) for action in ("read", "write", "pay"))
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@dataclass(frozen=True)
class Fault:
    """What is wrong with the program, in words, and in which steps that shows."""

    told: str
    plant: Plant
    shows_in: Sequence[Step]


def _issue(scopes: frozenset[str], **chosen: Any) -> Step:
    return Step("issue", LINUS, scopes=scopes, **chosen)


def _scopes(*scopes: frozenset[str], who: str = LINUS) -> Step:
    return Step("edit_scopes", who, scopes=frozenset().union(*scopes))


def _limit(field: str, way: str) -> Step:
    return Step("edit_limit", LINUS, limit=field, way=way)


def _scope(name: str, level: int, permits: str = "its own", who: str = GRACE) -> Step:
    return Step("edit_scope", who, scope=name, level=level, permits=permits)


def _policy(level: int, asks: bool, who: str = ADA) -> Step:
    return Step("set_policy", who, level=level, asks=asks)


def _wait(span: timedelta) -> Step:
    return Step("wait", LINUS, wait=span)


LET = Step("approve", GRACE)
LET_AS_SEEN = Step("approve", GRACE, stale=True)
OFF, ON = Step("disable", LINUS), Step("enable", LINUS)
BOUND = _issue(WRITE, limit="addresses", way="office")

FAULTS = (
    Fault(
        "a decision holds, whatever its decider was shown",
        decide_on_whatever_is_there,
        [_issue(WRITE), Step("admit", LINUS, whom="sam"), LET_AS_SEEN],
    ),
    Fault(
        "a request does not lapse",
        instead(approval, "status", lambda stored, *_: stored),
        [_issue(WRITE), _wait(WEEK), LET],
    ),
    Fault(
        "the scopes that would come are not among what the decider was shown",
        show_not("resulting scopes"),
        [_issue(WRITE), LET, _scopes(WRITE, READ), _scope("ledger:read", 3), LET_AS_SEEN],
    ),
    Fault(
        "an edit leaves requests that rest on what it changed, and approving them does not look",
        instead(content, "still_hold", true),
        [_issue(READ | WRITE), LET, _scopes(READ, WRITE, PAY), _scopes(READ), LET],
    ),
    Fault(
        "a rule that is set leaves requests that rest on what it was, and approving them does not look",
        instead(governing, "still_hold", true),
        [_scope("ledger:write", 1), _scope("ledger:write", 3, who=IRIS), Step("approve", ADA)],
    ),
    Fault(
        "the policy is relaxed on one person's word",
        instead(governance, "relaxes", false),
        [_policy(3, asks=False), _issue(PAY)],
    ),
    Fault(
        "the catalogue is loosened on one person's word",
        instead(catalogue, "loosenings", lambda *_, **__: ()),
        [_scope("ledger:pay", 1), _issue(PAY)],
    ),
    Fault(
        "permissions are added to a scope that is held, on one person's word",
        instead(of_scopes, "is_held", false),
        [_issue(READ), _scope("ledger:read", 1, "everything")],
    ),
    Fault(
        "a risk that was raised does not count where a token is loosened",
        instead(edit, "_risks", agreed_risk),
        [_issue(READ, end=2), _scope("ledger:read", 3), Step("edit_end", LINUS, end="never")],
    ),
    Fault("more addresses are let in at once", at_once("ip_whitelist"), [BOUND, LET, _limit("addresses", "ours")]),
    Fault(
        "a rate is raised at once",
        at_once("rate_limit"),
        [BOUND, LET, _limit("rate", "10/day"), _limit("rate", "any")],
    ),
    Fault(
        "hours are cleared at once",
        at_once("time_restriction"),
        [BOUND, LET, _limit("hours", "weekdays"), _limit("hours", "always")],
    ),
    Fault(
        "access rules are widened at once",
        at_once("access_rules"),
        [BOUND, LET, _limit("asks", "reports"), _limit("asks", "all")],
    ),
    Fault(
        "while emergency access is open, nobody is asked",
        instead(edit, "_risks", low_while_open),
        [BOUND, LET, Step("activate", ADA), _limit("addresses", "ours")],
    ),
    Fault(
        "emergency access lifts access rules too",
        lambda patch: patch.setattr(emergency, "LIFTED", emergency.LIFTED | {"REQUEST_REQUIRED"}),
        [_issue(READ, limit="asks", way="reports"), Step("activate", ADA), Step("call", LINUS)],
    ),
    Fault(
        "emergency access stays open when who opened it is demoted",
        instead(emergency_windows, "end_activated_by", nothing),
        [_issue(READ), Step("activate", ADA), Step("change_role", IRIS, whom=ADA, role="member")],
    ),
    Fault(
        "emergency access stays open when the token is disabled",
        instead(emergency_windows, "end_open", nothing),
        [_issue(READ), Step("activate", ADA), OFF],
    ),
    Fault(
        "emergency access can be opened again and again",
        instead(emergency, "require_room", nothing),
        [_issue(READ), Step("activate", ADA, hours=8), _wait(8 * HOUR), Step("activate", ADA)],
    ),
    Fault(
        "people decide their own requests",
        instead(approval, "require_other_person", nothing),
        [Step("issue", IRIS, scopes=WRITE), Step("approve", IRIS)],
    ),
    Fault(
        "what somebody asked for who is no member any more can be approved",
        instead(standing, "may_still_ask", true),
        [Step("issue", MARGARET, scopes=WRITE), Step("remove", LINUS, whom=MARGARET), LET],
    ),
    Fault(
        "to enable needs nobody", instead(edits, "enabling_waits", false), [_issue(WRITE), LET, OFF, _wait(HOUR), ON]
    ),
    Fault(
        "a request outlives that the token is disabled",
        instead(requests, "end_pending", nothing),
        [_issue(WRITE), LET, _scopes(WRITE, PAY), OFF, ON, LET],
    ),
)

# Of two guards either one is enough: a fault in one of them shows nowhere, in both of them it does, as above.
HIDDEN = (
    Fault(
        "approving a change does not look at what it rests on",
        instead(Change, "require_possible", OfToken.require_possible),
        FAULTS[3].shows_in,
    ),
    Fault(
        "approving a change of a rule does not look at what it rests on",
        instead(of_rules, "_require_unchanged", nothing),
        FAULTS[4].shows_in,
    ),
)

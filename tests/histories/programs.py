"""What a program hears that shows its key, and what the model would have it hear (SPEC 10 and 12)."""

from datetime import datetime

from tests.histories.facts import Token
from tests.histories.limits import is_open_at
from tests.histories.play import Outcome, Play
from tests.histories.steps import Step

BY_STATUS = {"pending": "PENDING_APPROVAL"}
# Programs call from the machine itself, and name no method and no path.
REACHED_FROM = {"anywhere", "ours", "here"}


def call(play: Play, step: Step) -> Outcome:
    """Have a program show the key of a token."""
    require_what_it_should_hear(play, play.token(step))
    return Outcome(expected=True, actual=True)


def require_what_it_should_hear(play: Play, number: int) -> None:
    """Raise AssertionError where a program hears anything else. Keys that nobody was shown are nobody's to show."""
    if play.stage.tokens[number] not in play.stage.keys:
        return
    token, now = play.model.tokens[number], play.clock()
    heard, code = play.stage.says(number), _code(token, now)
    assert heard["code"] == code, f"token #{number} should be {code}, and a program heard {heard}"
    if code == "VALID":
        assert set(heard["scopes"]) == token.content.scopes
        assert heard["emergency_access"] is (token.open_until(now) is not None)


def _code(token: Token, now: datetime) -> str:
    status, content = token.stands(now), token.content
    if status != "active":
        return BY_STATUS.get(status, status.upper())
    if content.asks != "anything":
        return "REQUEST_REQUIRED"
    if token.open_until(now) is not None:
        return "VALID"
    if content.addresses not in REACHED_FROM:
        return "IP_NOT_ALLOWED"
    return "VALID" if is_open_at(content.hours, now) else "OUTSIDE_HOURS"

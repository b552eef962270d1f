"""What people do about requests, in the model and in the program."""

from collections.abc import Callable

from tests.histories.play import Outcome, Play
from tests.histories.stage import REASON
from tests.histories.steps import Step


def approve(play: Play, step: Step) -> Outcome:
    return _decide(play, step, play.model.approve)


def reject(play: Play, step: Step) -> Outcome:
    return _decide(play, step, play.model.reject)


def cancel(play: Play, step: Step) -> Outcome:
    number = play.request(step)
    expected = play.model.cancel(step.who, number, play.clock())
    return Outcome(expected, play.stage.post(step.who, f"/approvals/{play.stage.requests[number]}/cancel"))


def look(play: Play, step: Step) -> Outcome:
    """Open the pages of a token and of a request, and leave them open."""
    if play.model.tokens:
        play.forms.look(step.who, play.token(step))
    if play.model.requests:
        play.forms.look(step.who, ("request", play.request(step)))
    return Outcome(expected=True, actual=True)


def _decide(play: Play, step: Step, verb: Callable[..., bool]) -> Outcome:
    number = play.request(step)
    fingerprint, stale = play.forms.sent(step, ("request", number))
    expected = verb(step.who, number, stale, play.clock())
    path = f"/approvals/{play.stage.requests[number]}/{step.kind}"
    return Outcome(expected, play.stage.post(step.who, path, fingerprint=fingerprint, comment=REASON), number)

"""What people do about one another, in the model and in the program."""

from tests.histories.play import Outcome, Play
from tests.histories.steps import Step


def change_role(play: Play, step: Step) -> Outcome:
    expected = play.model.change_role(step.who, step.whom, step.role, play.clock())
    return _signed_out(play, Outcome(expected, play.stage.post(step.who, f"{_page(play, step)}/role", role=step.role)))


def deactivate(play: Play, step: Step) -> Outcome:
    expected = play.model.deactivate(step.who, step.whom, play.clock())
    return _signed_out(play, Outcome(expected, play.stage.post(step.who, f"{_page(play, step)}/deactivate")))


def admit(play: Play, step: Step) -> Outcome:
    expected = play.model.admit(step.who, step.whom)
    return Outcome(expected, play.stage.post(step.who, _members(play), email=f"{step.whom}@example.com"))


def remove(play: Play, step: Step) -> Outcome:
    expected = play.model.remove(step.who, step.whom, play.clock())
    path = f"{_members(play)}/{play.stage.ground.ids[step.whom]}/remove"
    return Outcome(expected, play.stage.post(step.who, path))


def _page(play: Play, step: Step) -> str:
    return f"/users/{play.stage.ground.ids[step.whom]}"


def _members(play: Play) -> str:
    return f"/applications/{play.stage.ground.application}/members"


def _signed_out(play: Play, outcome: Outcome) -> Outcome:
    play.stage.forget_sign_ins()
    return outcome

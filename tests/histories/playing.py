"""A history, played step by step, and all that has to be so after each of them."""

import copy
from collections.abc import Callable, Mapping, Sequence

from tests.histories import acts_on_people, acts_on_requests, acts_on_rules, acts_on_tokens, programs
from tests.histories.judge import HOST, Moment
from tests.histories.play import Outcome, Play
from tests.histories.steps import USES, Step
from tests.histories.world import expected as expected_world

PLACES = (acts_on_tokens, acts_on_requests, acts_on_rules, acts_on_people, programs)


def _wait(play: Play, step: Step) -> Outcome:
    play.clock.advance(step.wait)
    return Outcome(expected=True, actual=True)


ACTS: Mapping[str, Callable[[Play, Step], Outcome]] = {
    "wait": _wait,
    **{kind: getattr(place, kind) for kind in USES for place in PLACES if hasattr(place, kind)},
}
ABOUT_PEOPLE = {"change_role", "deactivate", "admit", "remove"}
ABOUT_REQUESTS = {"approve", "reject", "cancel"}


def play_whole(play: Play, history: Sequence[Step]) -> None:
    """Play every step; raise AssertionError at the first that comes out differently than it should, or that lets
    something do more than somebody let it."""
    for step in history:
        if not _has_no_object(play, step):
            play_step(play, step)
    for number in range(len(play.model.tokens)):
        programs.require_what_it_should_hear(play, number)


def play_step(play: Play, step: Step) -> None:
    """Take the step in the model and in the program, and compare."""
    before, people = play.world, copy.deepcopy(play.model.people)
    requests, tokens = len(play.model.requests), len(play.model.tokens)
    outcome = ACTS[step.kind](play, step)
    play.model.lapse(play.clock())
    after, now = play.stage.world(), play.clock()
    play.world = after
    who = HOST if step.kind == "set_policy_on_host" else step.who
    complaints = play.judge.complaints(before, after, Moment(who, people, now, outcome.decided))
    assert not complaints, f"{step}: {'; '.join(complaints)}"
    assert outcome.actual == outcome.expected, f"{step}: {'something' if outcome.actual else 'nothing'} happened"
    assert after == expected_world(play.model, now), f"{step}: {after} and not {expected_world(play.model, now)}"
    if step.kind in ABOUT_PEOPLE:
        assert play.stage.standing() == play.standing(), str(step)
    play.forms.show_new(tokens, requests)
    same = play.forms.same_marks()
    assert not same, f"{step}: what is shown of {same} changed, and its mark did not"
    play.happened[step.kind] += outcome.expected


def _has_no_object(play: Play, step: Step) -> bool:
    if "number" not in USES[step.kind] or step.kind == "look":
        return False
    return not (play.model.requests if step.kind in ABOUT_REQUESTS else play.model.tokens)

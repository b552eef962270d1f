"""What people do to the policy and to the catalogue, in the model and in the program."""

from dataclasses import replace

from app.domain.risk import Risk
from tests.histories.facts import PERMITS, Entry
from tests.histories.play import Outcome, Play
from tests.histories.stage import REASON
from tests.histories.steps import Step

CHOICES = {True: "ask", False: "do-not-ask"}


def set_policy(play: Play, step: Step) -> Outcome:
    about, asked = ("policy", step.level), len(play.model.requests)
    version, stale = play.forms.sent(step, about)
    expected = play.model.set_policy(step.who, step.level, step.asks, stale, play.clock())
    play.asked(about, step.who, asked, approval=step.asks)
    path = f"/settings/policy/{Risk(step.level).word}"
    return Outcome(
        expected, play.stage.post(step.who, path, version=version, approval=CHOICES[step.asks], reason=REASON)
    )


def set_policy_on_host(play: Play, step: Step) -> Outcome:
    expected = play.model.set_policy_on_host(step.level, step.asks, play.clock())
    command = ("policy", "set", Risk(step.level).word, CHOICES[step.asks], "--reason", REASON)
    return Outcome(expected, play.stage.type_on_host(*command))


def edit_scope(play: Play, step: Step) -> Outcome:
    after = replace(play.model.catalogue[step.scope], risk=step.level, permits=step.permits)
    typed = {"category": "Test", "description": f"May {step.scope}.", "risk": Risk(step.level).word}
    return _save(play, step, after, "", permissions=PERMITS[step.permits][0], **typed)


def retire(play: Play, step: Step) -> Outcome:
    return _save(play, step, replace(play.model.catalogue[step.scope], retired=True), "/retire")


def offer(play: Play, step: Step) -> Outcome:
    return _save(play, step, replace(play.model.catalogue[step.scope], retired=False), "/offer")


def _save(play: Play, step: Step, after: Entry, where: str, **typed: str) -> Outcome:
    about, asked, before = ("scope", step.scope), len(play.model.requests), play.model.catalogue[step.scope]
    version, stale = play.forms.sent(step, about)
    expected = play.model.edit_scope(step.who, step.scope, after, stale, play.clock())
    values = {name: value for name, value in vars(after).items() if value != getattr(before, name)}
    play.asked(about, step.who, asked, **values)
    path = f"/scopes/{step.scope}{where}"
    return Outcome(expected, play.stage.post(step.who, path, version=version, reason=REASON, **typed))

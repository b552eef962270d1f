"""What would change a refusal: for each code of a decision, what people have to do so that the answer becomes yes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain import access_rules
from app.domain.checks import Code
from app.domain.question import Question, Snapshot
from app.domain.scopes import Scope


@dataclass(frozen=True)
class Case:
    """A refused question, with what is known of the token and the scopes that exist."""

    snapshot: Snapshot
    question: Question
    catalogue: Mapping[str, Scope]


def remedy(code: Code, case: Case) -> str:
    """What would change it, in one or more sentences for the people of the application. Raises KeyError for VALID."""
    return REMEDIES[code](case)


def _always(sentence: str) -> Callable[[Case], str]:
    return lambda case: sentence


def _scopes(case: Case) -> str:
    held = {scope.name for scope in case.snapshot.scopes}
    lacking = sorted(case.question.scopes - held)
    strange = [name for name in lacking if name not in case.catalogue]
    addable = [name for name in lacking if name in case.catalogue]
    hidden = sorted(name for name in case.question.scopes & held if not case.question.answers_for.covers(name))
    told = []
    if addable:
        told.append(f"Add {_listed(addable)} to the token's scopes.")
    if strange:
        told.append(f"The catalogue has no {_listed(strange)}: ask for scopes that exist.")
    if hidden:
        told.append(f"The token has {_listed(hidden)}, but who asks does not answer for that. {_ANSWERS_FOR}")
    return " ".join(told)


def _permissions(case: Case) -> str:
    method, path = case.question.method or "", case.question.path or ""
    segments = access_rules.segments_of(path)
    if segments is None:
        return "This path could be read in two ways, so it matches nothing: ask for the plain path."
    held = {scope.name for scope in case.snapshot.scopes}
    permitting = [
        scope.name
        for scope in case.catalogue.values()
        if any(access_rules.parse(text).matches(method, segments) for text in scope.permissions)
    ]
    hidden = [name for name in permitting if name in held]
    offered = [name for name in permitting if name not in held and not case.catalogue[name].retired]
    if hidden:
        return f"{_listed(hidden)} permits it, but who asks does not answer for that. {_ANSWERS_FOR}"
    if offered:
        return f"Add a scope that permits it to the token: {_listed(offered, 'or')}."
    return "No scope permits this method and path. An administrator adds the permission to a scope of the catalogue."


def _access(case: Case) -> str:
    """Which of the two lets it down: the scopes, or, where these permit it, the access rules."""
    question, told = case.question, case.snapshot.told_to(case.question.answers_for)
    segments = access_rules.segments_of(question.path or "")
    if any(one.matches(question.method or "", segments) for scope in told for one in scope.permissions):
        return "Add an access rule that matches this method and path, or remove the access rules."
    return _permissions(case)


def _address(case: Case) -> str:
    return f"Add {case.question.client_ip} to the IP whitelist, or use the token from one of its addresses."


def _listed(names: list[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


_ANSWERS_FOR = "An administrator sets what a service answers for, in the settings of its application."
REMEDIES: Mapping[Code, Callable[[Case], str]] = {
    Code.UNKNOWN_TOKEN: _always(f"The service that asks answers for none of the token's scopes. {_ANSWERS_FOR}"),
    Code.ROTATED: _always("Use the token's current key."),
    Code.PENDING_APPROVAL: _always("An administrator other than who asked for it has to approve."),
    Code.REJECTED: _always("Nothing: it never took effect and never will. Issue a similar token."),
    Code.REVOKED: _always("Nothing: revoking is final. Issue a similar token."),
    Code.DISABLED: _always("Enable the token."),
    Code.EXPIRED: _always("Nothing: the end is final. Issue a similar token."),
    Code.APPLICATION_DISABLED: _always("Enable the application, in its settings."),
    Code.INSUFFICIENT_SCOPE: _scopes,
    Code.REQUEST_REQUIRED: _always("The service has to say which method and path are asked for."),
    Code.ACCESS_DENIED: _access,
    Code.IP_REQUIRED: _always("The service has to say where the request comes from, as client_ip."),
    Code.IP_NOT_ALLOWED: _address,
    Code.OUTSIDE_HOURS: _always("Wait until it opens again, or change the time restriction on the Security tab."),
    Code.RATE_LIMITED: _always("Wait until earlier uses have left the span, or raise the rate limit."),
}

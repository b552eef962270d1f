"""How routes are used: pages to read, changes to make, questions of programs; and what these are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.identifiers import random_text
from tests.matrix import standings as may
from tests.matrix.standings import Grant
from tests.matrix.world import REASON, World

Address = Callable[[World], str]
Fields = Callable[[World], Mapping[str, str]]


def nothing(world: World) -> Mapping[str, str]:
    """No field."""
    return {}


@dataclass(frozen=True)
class Read:
    """A page; `by_post` where what it shows is asked by a post that changes nothing."""

    grant: Grant
    address: Address
    by_post: bool = False


@dataclass(frozen=True)
class Write:
    """A change. `by_them` is false where the log names somebody else: the person whose link it was."""

    grant: Grant
    address: Address
    page: Address
    event: str
    typed: Fields = nothing
    hidden: Fields = nothing
    by_them: bool = True


@dataclass(frozen=True)
class ByKey:
    """For programs, which show a key: what people are means nothing there. `admits` says whether the key of just any
    token is let in."""

    address: str
    admits: bool


Use = Read | Write | ByKey


def at(path: str, **things: Callable[[World], str]) -> Address:
    """An address with the things of the world in it."""
    return lambda world: path.format(**{name: thing(world) for name, thing in things.items()})


def the_application(world: World) -> str:
    return world.application


def the_request(world: World) -> str:
    return world.request().id


def edit(part: str) -> Address:
    return at(f"/tokens/{{it}}/edit/{part}", it=World.active)


def on_application(path: str, thing: Callable[[World], str] = the_application) -> Address:
    return at(f"/applications/{{it}}{path}", it=thing)


def on_token(path: str, thing: Callable[[World], str] = World.active) -> Address:
    return at(f"/tokens/{{it}}{path}", it=thing)


def version(world: World) -> Mapping[str, str]:
    return {"version": str(world.token(world.active()).version), "seen": ""}


def spare_version(world: World) -> Mapping[str, str]:
    return {"version": world.version_of(world.spare())}


def fingerprint(world: World) -> Mapping[str, str]:
    return {"fingerprint": world.request().fingerprint, "shown": ""}


def disable_active(world: World) -> Mapping[str, str]:
    """Only this one of the tokens that a form names: the others are still needed."""
    return {"reason": REASON, "stop": "disable", "token": world.active()}


def press(grant: Grant, verb: str, event: str, thing: Callable[[World], str] = World.active) -> Write:
    return Write(grant, on_token(f"/{verb}", thing), on_token("", thing), event, lambda world: {"reason": REASON})


def decide(grant: Grant, verb: str, event: str) -> Write:
    page = at("/approvals/{it}", it=the_request)
    return Write(
        grant,
        at(f"/approvals/{{it}}/{verb}", it=the_request),
        page,
        event,
        lambda world: {"comment": REASON},
        fingerprint,
    )


def change(part: str, typed: Callable[[], Mapping[str, str]]) -> Write:
    def fields(world: World) -> Mapping[str, str]:
        return {"reason": REASON, **typed()}

    return Write(may.EDIT, edit(part), edit(part), "token.updated", fields, version)


def issue_form(world: World) -> Mapping[str, str]:
    return {"name": random_text(9), "scopes": world.cast.low, "expires": "1 week", "reason": ""}


def on_person(path: str) -> Address:
    return at(f"/users/{{it}}{path}", it=World.somebody)

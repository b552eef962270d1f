"""A request that somebody tries on a token: what they type becomes the question of a service (SPEC 9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain import instants, networks, scopes
from app.domain.access_rules import ASKABLE_METHODS, is_request_path
from app.domain.errors import Faults, Unfit
from app.domain.question import Question
from app.domain.scopes import AnswersFor

# The fields of the form and the address. All are text, and may be empty: not asked for, or, for the instant, now.
FIELDS = ("scopes", "method", "path", "address", "instant")
_BETWEEN_NAMES = re.compile(r"[\s,]+")


@dataclass(frozen=True)
class Trial:
    """A question, and the instant at which it is asked."""

    question: Question
    at: datetime


def read(typed: Mapping[str, str], answers_for: AnswersFor, now: datetime) -> Trial:
    """The trial that a form names, asked by a service that answers for these resources. Raises Invalid."""
    faults = Faults()
    names, method, path = frozenset[str](), typed.get("method", ""), typed.get("path", "").strip()
    address, span = None, None
    with faults.at("scopes"):
        names = _names(typed.get("scopes", ""))
    with faults.at("method"):
        _check_method(method, path)
    with faults.at("path"):
        _check_path(method, path)
    with faults.at("address"):
        raw = typed.get("address", "").strip()
        address = networks.address(raw) if raw else None
    with faults.at("instant"):
        span = instants.span(typed.get("instant", ""))
    faults.refuse_if_any()
    question = Question(names, method or None, path or None, address, answers_for=answers_for)
    return Trial(question, span[0] if span else now)


def _names(text: str) -> frozenset[str]:
    names = [name for name in _BETWEEN_NAMES.split(text) if name]
    if len(names) > scopes.MOST_ASKED:
        raise Unfit(f"Name at most {scopes.MOST_ASKED} scopes: nobody can ask for more at once.")
    if not all(scopes.is_name(name) for name in names):
        raise Unfit("Write scopes as resource:action, such as invoice:read, with spaces between them.")
    return frozenset(names)


def _check_method(method: str, path: str) -> None:
    if method and method not in ASKABLE_METHODS:
        raise Unfit("Choose a method from the list.")
    if path and not method:
        raise Unfit("Choose the method as well: a path alone cannot be asked for.")


def _check_path(method: str, path: str) -> None:
    if path and not is_request_path(path):
        raise Unfit("Begin the path with a slash, and leave out ? and # with what follows them.")
    if method and not path:
        raise Unfit("Write the path as well, such as /api/invoices/42.")

"""What every app of a test run makes alike, made once.

Each test builds an app of its own, and Werkzeug writes, parses and compiles two functions for each of its routes: half
of what an app costs. They depend on nothing but the route, so the functions of the first app serve all others."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile_builder: Callable[[Rule, bool], Callable[..., tuple[str, str]]] = Rule._compile_builder
_made: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _made:
        _made[key] = _compile_builder(rule, append_unknown)
    return _made[key]


def share_compiled_routes() -> None:
    """From now on, apps of this process share what Werkzeug compiles of their routes."""
    Rule._compile_builder = _builder  # type: ignore[method-assign, assignment]

"""Governance in the small: what SPEC 2, 4 to 8 and 10 say happens to tokens, rules and requests, written down once
more, without a look at the program. Every step changes the model and says whether anything happens."""

from tests.histories.decisions import Decisions
from tests.histories.on_people import OnPeople
from tests.histories.on_rules import OnRules
from tests.histories.on_tokens import OnTokens


class Model(OnTokens, OnRules, OnPeople, Decisions):
    """All of it."""

"""Tokens to verify: restricted in every way, with keys that the benchmark knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.cli.example import acts
from app.cli.example.acts import Wish
from app.domain import expiry, keys
from app.domain.identifiers import random_text
from app.domain.people import Actor
from app.domain.restrictions import Typed
from app.domain.scopes import TOKEN_VERIFY
from app.services.tokens.issue import FORM_ID_LENGTH, IssueForm, issue_token
from app.services.tokens.switch import revoke_token
from app.store.database import db
from bench import bulk, copies
from bench.calls import SCOPE
from bench.installation import Installation

WHY = "The benchmark asks about it."
SCOPES = (SCOPE, "product:read")
# Inside of all of them lies everything that is asked, and far more of it than a run can ask.
RESTRICTIONS = Typed(
    ip_whitelist="10.0.0.0/8, 192.0.2.0/24, 203.0.113.0/24, 2001:db8::/32",
    rate_limit="100000/hour",
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    time_from="00:00",
    time_until="24:00",
)


@dataclass(frozen=True)
class Hot:
    """Keys to ask about, and the key to ask with. `revoked` belong to tokens that are; `unknown` are well formed and
    nobody's; `malformed` have a wrong checksum."""

    caller: str = field(repr=False)
    keys: Sequence[str] = field(repr=False)
    revoked: Sequence[str] = field(repr=False)

    @property
    def unknown(self) -> Sequence[str]:
        """As many keys that nobody has."""
        return [keys.make() for _ in self.keys]

    @property
    def malformed(self) -> Sequence[str]:
        """The same keys, each with its last character changed."""
        return [key[:-1] + ("0" if key[-1] != "0" else "1") for key in self.keys]


def fill(place: Installation, hot: int, others: int, now: datetime) -> Hot:
    """Fill the installation with `hot` tokens to ask about, as many revoked ones up to a
    thousand, and `others` that nobody has the keys of."""
    with place.app.app_context():
        return _fill(place, hot, others, now)


def _fill(place: Installation, hot: int, others: int, now: datetime) -> Hot:
    linus, grace, ada = place.member, place.administrator, place.superuser
    api = acts.create(grace, "API", "Asks about the tokens.", now)
    acts.answer_for(grace, api, ["invoice", "product"], now)
    caller = acts.issue(grace, api, Wish("caller", (TOKEN_VERIFY,), expiry.YEAR, reason=WHY), now)
    acts.approve(ada, caller, "", now)

    shop = acts.create(linus, "Shop", "Has the tokens.", now)
    owner = Actor(linus.id, linus.name)
    model, gone = (issue_token(_form(shop, name), owner, now) for name in ("model", "gone"))
    revoke_token(gone.token_id, WHY, owner, now)
    secret = place.settings.key_secrets[0]
    usable = [copies.usable(shop, f"hot {number}", secret) for number in range(hot)]
    revoked = [copies.usable(shop, f"revoked {number}", secret) for number in range(min(hot, 1000))]
    with bulk.filling(db.engine) as connection:
        copies.make(connection, model.token_id, (copy for copy, _ in usable))
        copies.make(connection, gone.token_id, (copy for copy, _ in revoked))
        copies.make(connection, model.token_id, copies.fillers(shop, others, "other"))
    return Hot(caller.key, [key for _, key in usable], [key for _, key in revoked])


def _form(application_id: str, name: str) -> IssueForm:
    return IssueForm(
        application_id=application_id,
        form_id=random_text(FORM_ID_LENGTH),
        name=name,
        description="",
        scopes=SCOPES,
        expires=expiry.YEAR,
        expires_on="",
        reason="",
        restrictions=RESTRICTIONS,
    )

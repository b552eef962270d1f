"""The story that the example tells, at instants of the past 30 days (SPEC 15)."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from app.cli.example import acts, usage
from app.cli.example.acts import Wish
from app.cli.example.passphrase import passphrase
from app.domain import catalogue, expiry
from app.domain.hours import DAYS
from app.domain.people import Person
from app.domain.restrictions import Typed
from app.domain.roles import Role
from app.services.example.finish import finish
from app.services.host import CONSOLE
from app.services.scopes.load import import_catalogue

CATALOGUE = Path(__file__).parents[2] / "example" / "catalogue.toml"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

# Pages show descriptions: they say that nothing of it is meant in earnest.
EXAMPLE = "Example."
USED = "Example: the use that it came with is made up."

WORKER = Wish(
    "invoice-worker",
    ("customer:read", "invoice:read", "invoice:write"),
    expiry.QUARTER,
    about=f"{USED} Writes the invoice of each order, and corrects what came back.",
    reason="The worker writes invoices, and needs the customers' addresses for them.",
    restrictions=Typed(
        ip_whitelist="203.0.113.0/28\n2001:db8:7::/48",
        rate_limit="5000/hour",
        days=DAYS,
        time_from="05:00",
        time_until="23:00",
    ),
)
EXPORT = Wish(
    "customer-export",
    ("customer:read",),
    expiry.NEVER,
    about=f"{EXAMPLE} Sends the customers to the newsletter.",
    reason="Marketing wants all customers each week.",
)
PAYOUTS = Wish(
    "supplier-payouts",
    ("payout:create", "payout:read"),
    expiry.HALF_YEAR,
    about=f"{EXAMPLE} Pays suppliers on the last working day of each month.",
    reason="Suppliers are paid by hand today, which takes a day and goes wrong. Finance has agreed to this.",
)
CALLER = Wish(
    "billing-api",
    ("token:verify",),
    expiry.WEEK,
    about=f"{EXAMPLE} With this key the Billing API asks Postern.",
    reason="The Billing API has to ask about the tokens that it is shown.",
)
FIRST = Wish(
    "first-steps",
    ("invoice:read",),
    expiry.WEEK,
    about=f"{EXAMPLE} Yours to try things on: disable it, rotate it.",
)


@dataclass(frozen=True)
class Account:
    """Somebody of the example, with the password that is printed once."""

    person: Person
    password: str = field(repr=False)


@dataclass(frozen=True)
class Told:
    """What there is to print: who can sign in, the token to verify, its key, and the key that may ask about it."""

    accounts: tuple[Account, ...]
    token_id: str
    key: str = field(repr=False)
    caller_key: str = field(repr=False)


def tell(now: datetime) -> Told:
    """Tell the story, which ends now, in a database that holds nobody yet."""
    start = now - 30 * DAY
    accounts = tuple(_joins(name, role, start) for name, role in zip(("Ada", "Grace", "Linus"), _ROLES, strict=True))
    ada, grace, linus = (account.person for account in accounts)
    entries = catalogue.read(tomllib.loads(CATALOGUE.read_text("utf-8")))
    import_catalogue(entries, CONSOLE, start)

    billing = acts.create(linus, "Billing", f"{EXAMPLE} Writes invoices and pays suppliers.", start + HOUR)
    api = acts.create(
        grace, "Billing API", f"{EXAMPLE} Holds invoices, customers and payouts for other programs.", start + 2 * HOUR
    )
    acts.answer_for(grace, api, sorted({entry.scope.resource for entry in entries}), start + 2 * HOUR)

    worker = acts.issue(linus, billing, WORKER, start + 3 * HOUR)
    acts.approve(grace, worker, "It needs these scopes, and it has an end.", start + 5 * HOUR)
    report = acts.issue(linus, billing, _report(now), now - 24 * DAY)
    export = acts.issue(linus, billing, EXPORT, now - 12 * DAY)
    acts.reject(ada, export, "Not without an end. Ask again for three months, please.", now - 12 * DAY + 5 * HOUR)
    acts.rotate(linus, worker.token_id, "24 hours", "The worker moved to a new host.", now - 9 * DAY)
    acts.issue(linus, billing, PAYOUTS, now - 2 * DAY)

    caller = acts.issue(grace, api, CALLER, now - HOUR)
    acts.approve(ada, caller, "", now)
    first = acts.issue(linus, billing, FIRST, now)
    finish([usage.of_worker(worker.token_id, now), usage.of_report(report.token_id, now)], now)
    return Told(accounts, first.token_id, first.key, caller.key)


_ROLES = (Role.SUPERUSER, Role.ADMINISTRATOR, Role.MEMBER)


def _joins(name: str, role: Role, at: datetime) -> Account:
    password = passphrase()
    return Account(acts.join(name, role, password, at), password)


def _report(now: datetime) -> Wish:
    """Counts invoices, and ends with the day in six days."""
    about = f"{USED} Counts invoices for the monthly report."
    return Wish("monthly-report", ("invoice:read",), expiry.CUSTOM, about=about, ends=now + 6 * DAY)

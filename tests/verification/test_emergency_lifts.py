"""Emergency access against real restrictions, over HTTP: what it lifts, for how long, and what is counted (SPEC 10)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.restrictions import Typed
from app.domain.roles import Role
from app.domain.scopes import TOKEN_VERIFY
from app.services.emergency import activate_emergency_access, deactivate_emergency_access
from app.services.people_standing import change_role, deactivate
from app.services.tokens.edit import EditForm, edit_token
from app.services.tokens.issue import Issued
from app.services.tokens.switch import disable_token, enable_token
from app.store.database import db
from app.store.queries import emergency
from app.verification.verifier import Verifier
from tests import factories
from tests.verification.conftest import VERIFY, MakeService, Office, Service

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "The office network is down"
HOUR = timedelta(hours=1)
INSIDE, OUTSIDE = "10.0.0.7", "198.51.100.7"


def narrow(office: Office, token_id: str, version: int = 1, **typed: object) -> None:
    """Bind the token to something, as Linus."""
    form = EditForm(token_id, str(version), restrictions=Typed(**typed), reason=REASON)  # type: ignore[arg-type]
    office.do(edit_token, form)


def open_for(office: Office, token_id: str, hours: str = "1") -> None:
    office.do(activate_emergency_access, token_id, hours, REASON, by=office.cast.ada)


def passed(app: Flask, verifier: Verifier, token_id: str) -> list[int]:
    """How much each window of the token let through, the newest first."""
    verifier.usage.flush()
    with app.app_context():
        return [view.passed for view in emergency.of_token(db.session(), token_id)]


@pytest.fixture
def bound(office: Office) -> Issued:
    """A token that is bound to addresses, and to Tuesdays, which today is not."""
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8", days=("Tue",), time_from="00:00", time_until="24:00")
    return issued


def test_wrong_address_and_closed_hours_are_lifted_and_said_and_counted_apart(
    service: Service, office: Office, bound: Issued, app: Flask, verifier: Verifier
) -> None:
    assert service.code(bound.key, client_ip=OUTSIDE) == "IP_NOT_ALLOWED"
    assert service.code(bound.key, client_ip=INSIDE) == "OUTSIDE_HOURS"
    open_for(office, bound.token_id)

    answers = [
        service.ask(bound.key, client_ip=OUTSIDE),
        service.ask(bound.key),
        service.ask(bound.key, client_ip=INSIDE),
    ]

    assert {(answer["code"], answer["emergency_access"]) for answer in answers} == {("VALID", True)}
    assert passed(app, verifier, bound.token_id) == [3]


def test_what_would_have_passed_anyway_is_not_counted_apart(
    service: Service, office: Office, app: Flask, verifier: Verifier
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8")
    open_for(office, issued.token_id)

    assert service.ask(issued.key, client_ip=INSIDE)["emergency_access"] is True
    assert service.code(issued.key, client_ip=OUTSIDE, scopes=["payout:create"]) == "INSUFFICIENT_SCOPE"

    assert passed(app, verifier, issued.token_id) == [0]


def test_the_checks_say_what_was_lifted_and_asking_for_them_counts_nothing(
    service: Service, office: Office, bound: Issued, app: Flask, verifier: Verifier
) -> None:
    open_for(office, bound.token_id)

    checks = {one["check"]: one for one in service.ask(bound.key, client_ip=OUTSIDE, explain=True)["checks"]}

    told = [(name, checks[name]["outcome"], checks[name]["code"]) for name in ("status", "address", "time")]
    assert told == [
        ("status", "pass", None),
        ("address", "lifted", "IP_NOT_ALLOWED"),
        ("time", "lifted", "OUTSIDE_HOURS"),
    ]
    assert passed(app, verifier, bound.token_id) == [0]


def test_the_rate_holds_and_what_it_refuses_did_not_pass(
    service: Service, office: Office, app: Flask, verifier: Verifier
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8", rate_limit="2/hour")
    open_for(office, issued.token_id)

    assert [service.code(issued.key, client_ip=OUTSIDE) for _ in range(3)] == ["VALID", "VALID", "RATE_LIMITED"]

    assert passed(app, verifier, issued.token_id) == [2]


@pytest.mark.parametrize("how", ["the clock", "deactivated", "disabled", "demoted", "activator deactivated"])
def test_whatever_ends_it_the_first_question_afterwards_is_refused(
    service: Service, office: Office, bound: Issued, clock: FixedClock, how: str
) -> None:
    cast = office.cast
    with office.app.app_context():
        root = factories.make_person("Root", Role.SUPERUSER, clock())
    open_for(office, bound.token_id)
    assert service.code(bound.key, client_ip=OUTSIDE) == "VALID"

    match how:
        case "the clock":
            clock.advance(HOUR)
        case "deactivated":
            office.do(deactivate_emergency_access, bound.token_id, "", by=root)
        case "disabled":
            office.do(disable_token, bound.token_id, "")
            assert service.code(bound.key, client_ip=OUTSIDE) == "DISABLED"
            office.do(enable_token, bound.token_id, "")
        case "demoted":
            office.do(change_role, cast.ada, "administrator", by=root)
        case "activator deactivated":
            office.do(deactivate, cast.ada, by=root)

    assert service.code(bound.key, client_ip=OUTSIDE) == "IP_NOT_ALLOWED"


def test_it_is_over_although_no_process_ran_when_it_ended(
    office: Office, bound: Issued, service: Service, another_app: Callable[..., Flask], clock: FixedClock
) -> None:
    open_for(office, bound.token_id)
    clock.advance(timedelta(minutes=10))

    def ask_a_new_process() -> object:
        body = {"token": bound.key, "scopes": [], "client_ip": OUTSIDE}
        answer = another_app().test_client().post(VERIFY, json=body, headers={"Authorization": f"Bearer {service.key}"})
        assert answer.json is not None
        return answer.json["code"]

    assert ask_a_new_process() == "VALID"
    clock.advance(timedelta(minutes=50))
    assert ask_a_new_process() == "IP_NOT_ALLOWED"


def test_a_verifying_service_may_be_lifted_itself(
    make_service: MakeService, office: Office, app: Flask, verifier: Verifier
) -> None:
    caller, issued = make_service(scopes=(TOKEN_VERIFY,)), office.issue()
    # Once approved, it has its second version.
    narrow(office, caller.token_id, 2, ip_whitelist="10.0.0.0/8")
    question = {"token": issued.key, "scopes": []}
    assert caller.post(question).status_code == 403
    open_for(office, caller.token_id)

    answer = caller.post(question)

    assert answer.json is not None
    assert (answer.status_code, answer.json["code"], answer.json["emergency_access"]) == (200, "VALID", False)
    assert passed(app, verifier, caller.token_id) == [1]

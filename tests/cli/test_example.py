"""The example: what the first start prints, what it leaves behind, and how it goes away (SPEC 15)."""

import json
import shlex
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.cli import example
from app.cli.example import story
from app.cli.example.passphrase import passphrase
from app.cli.example.usage import WORKER_ADDRESS
from app.clock import FixedClock
from app.domain import networks, restrictions
from app.domain.errors import Conflict
from app.domain.people import Actor, Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services.applications.create import create_application
from app.services.passwords import matches
from app.services.sign_in import sign_in
from app.services.tokens.switch import disable_token
from app.store import audit_chain
from app.store.database import db
from app.store.queries import applications, approvals, token_pages, tokens, usage
from app.store.queries import example as progress
from app.store.queries.people import account_named
from app.store.queries.token_pages import TokenLine
from app.store.tables import UserRow
from tests import people

ADA = Person("", "Ada", "", Role.SUPERUSER)
URL = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def lines(app: Flask) -> list[str]:
    """What a first start prints."""
    with app.app_context():
        return example.fill(NOW, URL)


def curl(lines: list[str]) -> list[str]:
    return shlex.split(next(line for line in lines if line.startswith("curl ")))


def verify(client: FlaskClient, lines: list[str]) -> dict[str, object]:
    """Send what the printed line sends."""
    words = curl(lines)
    headers = [words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H"]
    body = words[words.index("-d") + 1]
    answer = client.post(words[-1].removeprefix(URL), data=body, headers=headers).get_json()
    assert isinstance(answer, dict)
    return answer


def token_lines() -> dict[str, TokenLine]:
    """Every token there is, by name."""
    shown = applications.listed(db.session(), ADA, NOW).lines
    return {token.name: token for one in shown for token in token_pages.page(db.session(), ADA, one.id, NOW).lines}


def test_each_person_is_one_line_with_role_email_and_a_password_that_is_theirs(app: Flask, lines: list[str]) -> None:
    printed = [line.split(" ") for line in lines[:3]]
    assert [words[:2] for words in printed] == [
        ["superuser", "ada@example.com"],
        ["administrator", "grace@example.com"],
        ["member", "linus@example.com"],
    ]
    with app.app_context():
        for role, email, password in printed:
            account = account_named(db.session(), email, None)
            assert account is not None
            assert account.person.role == role
            assert matches(password, account.password_hash)


def test_the_printed_line_answers_valid_until_its_token_is_disabled(
    app: Flask, client: FlaskClient, clock: FixedClock, lines: list[str]
) -> None:
    clock.instant = NOW
    assert verify(client, lines)["valid"] is True

    with app.app_context():
        linus = account_named(db.session(), "linus@example.com", None)
        assert linus is not None
        disable_token(token_lines()["first-steps"].id, "", Actor(linus.person.id, "Linus"), NOW)

    assert verify(client, lines)["code"] == "DISABLED"


def test_the_printed_line_has_its_key_in_the_header_first_and_then_in_the_body(lines: list[str]) -> None:
    words = curl(lines)
    header, body = words[words.index("-H") + 1], words[words.index("-d") + 1]
    assert header.startswith("Authorization: Bearer pst_")
    assert words.index("-H") < words.index("-d")
    assert '"scopes":["invoice:read"]' in body
    assert json.loads(body)["token"] not in header


def test_the_last_line_says_where_to_press_disable(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        assert f"press Disable at {URL}/tokens/{token_lines()['first-steps'].id}" in lines[-1]


def test_both_printed_keys_live_seven_days(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        found = token_lines()
        assert [found[name].expires_at for name in ("first-steps", "billing-api")] == [NOW + timedelta(days=7)] * 2


def test_the_story_holds_what_the_contract_lists(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        found = token_lines()
        assert {name: (token.status, token.risk) for name, token in found.items()} == {
            "first-steps": ("active", Risk.LOW),
            "invoice-worker": ("active", Risk.MEDIUM),
            "monthly-report": ("active", Risk.LOW),
            "customer-export": ("rejected", Risk.MEDIUM),
            "supplier-payouts": ("pending", Risk.HIGH),
            "billing-api": ("active", Risk.MEDIUM),
        }
        ends = found["monthly-report"].expires_at
        assert ends is not None
        assert timedelta(days=6) <= ends - NOW <= timedelta(days=7)
        decided = approvals.decided(db.session(), ADA, approvals.Wanted(), NOW).views
        assert {(view.requester, view.decided_by) for view in decided} == {
            ("Linus", "Grace"),
            ("Linus", "Ada"),
            ("Grace", "Ada"),
        }


def test_the_worker_is_restricted_and_its_past_keeps_to_that(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        found = tokens.find(db.session(), ADA, token_lines()["invoice-worker"].id, NOW)
        assert found is not None
        narrowed = restrictions.of(found.restrictions)
        assert narrowed.whitelist and narrowed.hours  # noqa: PT018 - both are there
        assert narrowed.whitelist.admits(networks.address(WORKER_ADDRESS))
        past = usage.hourly(db.session(), found.id, NOW - timedelta(days=31))
        assert [count.hour for count in past if not narrowed.hours.admits(count.hour)] == []


def test_the_worker_has_thirty_days_of_use_behind_it(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        token_id = token_lines()["invoice-worker"].id
        counts = usage.hourly(db.session(), token_id, NOW - timedelta(days=31))
        assert counts[0].hour.date() <= (NOW - timedelta(days=29)).date()
        assert {count.code for count in counts} == {"VALID", "INSUFFICIENT_SCOPE"}
        assert all(count.hour <= NOW for count in counts)
        assert usage.refusals(db.session(), token_id)


def test_its_audit_log_is_whole_and_goes_forward(app: Flask, lines: list[str]) -> None:
    with app.app_context():
        assert audit_chain.first_break(db.session()) is None
    events = people.events(app)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].action == "example.added"


def test_it_is_not_filled_in_where_there_are_people(app: Flask, lines: list[str]) -> None:
    with app.app_context(), pytest.raises(Conflict):
        example.fill(NOW, URL)


def test_a_first_start_wants_it_once(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context():
        assert progress.is_wanted(db.session())
        example.fill(NOW, URL)
        assert not progress.is_wanted(db.session())
    assert runner.invoke(args=["example", "remove"]).exit_code == 0
    with app.app_context():
        assert not progress.is_wanted(db.session())


def test_a_telling_that_was_interrupted_is_begun_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
            interrupted.setattr(story, "finish", _interrupt)
            example.fill(NOW, URL)
        assert progress.is_wanted(db.session())

        assert len(example.fill(NOW, URL)) == 5

        assert len(token_lines()) == 6
        assert not progress.is_wanted(db.session())


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_removing_leaves_nothing_but_the_catalogue_and_the_audit_log(
    app: Flask, runner: FlaskCliRunner, lines: list[str]
) -> None:
    before = len(people.events(app))

    result = runner.invoke(args=["example", "remove"])

    assert result.output == "Removed 3 people, 2 applications and 6 tokens.\n"
    with app.app_context():
        assert token_lines() == {}
        assert not progress.has_active_people(db.session())
        assert account_named(db.session(), "ada@example.com", None) is None
        assert audit_chain.first_break(db.session()) is None
    assert len(people.events(app)) == before + 1
    assert people.events(app)[-1].action == "example.removed"
    assert "There is no example here." in runner.invoke(args=["example", "remove"]).output


def test_who_made_something_in_earnest_is_deactivated_and_what_they_made_stays(
    app: Flask, runner: FlaskCliRunner, lines: list[str]
) -> None:
    with app.app_context():
        ada = account_named(db.session(), "ada@example.com", None)
        assert ada is not None
        sign_in("ada@example.com", lines[0].split(" ")[2], app.extensions["postern_attempts"], Actor(None, ""), NOW)
        create_application("Shop", "", Actor(ada.person.id, "Ada"), NOW)

    result = runner.invoke(args=["example", "remove"])

    assert "Deactivated, because something else still names them: Ada." in result.output
    with app.app_context():
        assert [line.name for line in applications.listed(db.session(), ADA, NOW).lines] == ["Shop"]
        row = db.session.get_one(UserRow, ada.person.id)
        assert (row.active, row.password_hash) == (False, None)


def test_filled_in_by_hand_it_prints_the_same_lines(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["example", "fill"])
    assert result.exit_code == 0
    assert [line.split(" ")[0] for line in result.output.splitlines()[:4]] == [
        "superuser",
        "administrator",
        "member",
        "curl",
    ]
    assert runner.invoke(args=["example", "fill"]).exit_code == 1


def test_a_password_is_five_words_joined_by_hyphens() -> None:
    words = passphrase().split("-")
    assert len(words) == 5
    assert all(word.isalpha() and word.islower() for word in words)
    assert passphrase() != passphrase()

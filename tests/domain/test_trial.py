"""A request that somebody tries: what they type becomes a question, or is said to be none."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from app.domain import trial
from app.domain.errors import Invalid
from app.domain.question import Question
from app.domain.scopes import AnswersFor
from app.domain.trial import Trial

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERYTHING = AnswersFor(everything=True)
INVOICES = AnswersFor(frozenset({"invoice"}))


def read(**typed: str) -> Trial:
    return trial.read(typed, EVERYTHING, NOW)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({}, {}),
        ({"scopes": " "}, {}),
        ({"scopes": "invoice:read"}, {"scopes": frozenset({"invoice:read"})}),
        ({"scopes": "a:b, c:d\n e:f,,a:b"}, {"scopes": frozenset({"a:b", "c:d", "e:f"})}),
        ({"method": "HEAD", "path": " /api "}, {"method": "HEAD", "path": "/api"}),
        ({"method": "GET", "path": "/a/../b"}, {"method": "GET", "path": "/a/../b"}),
        ({"address": " 203.0.113.7 "}, {"client_ip": ip_address("203.0.113.7")}),
        ({"address": "::ffff:203.0.113.7"}, {"client_ip": ip_address("203.0.113.7")}),
    ],
)
def test_what_is_typed_becomes_the_question(typed: dict[str, str], asked: dict[str, Any]) -> None:
    assert read(**typed) == Trial(Question(answers_for=EVERYTHING, **asked), NOW)


def test_it_is_asked_as_the_service_would_ask() -> None:
    assert trial.read({}, INVOICES, NOW).question.answers_for == INVOICES


def test_it_is_asked_at_the_instant_that_is_typed() -> None:
    assert read(instant="2026-11-21 01:59").at == datetime(2026, 11, 21, 1, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({"scopes": "invoice"}, {"scopes"}),
        ({"scopes": "invoice:*"}, {"scopes"}),
        ({"scopes": " ".join(f"a:b{n}" for n in range(21))}, {"scopes"}),
        ({"method": "GET"}, {"path"}),
        ({"path": "/api"}, {"method"}),
        ({"method": "get", "path": "/api"}, {"method"}),
        ({"method": "*", "path": "/api"}, {"method"}),
        ({"method": "GET", "path": "api"}, {"path"}),
        ({"method": "GET", "path": "/api?all"}, {"path"}),
        ({"address": "010.0.0.1"}, {"address"}),
        ({"address": "10.0.0.0/8"}, {"address"}),
        ({"address": "fe80::1%eth0"}, {"address"}),
        ({"instant": "tomorrow"}, {"instant"}),
        (
            {"scopes": "!", "path": "x", "address": "1.2", "instant": "25:00"},
            {"scopes", "method", "path", "address", "instant"},
        ),
    ],
)
def test_what_is_no_question_is_said_at_each_field(typed: dict[str, str], faulty: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read(**typed)
    assert set(refused.value.fields) == faulty

"""What the server prints: one JSON object a line, with the request it is about, and never a key."""

import json
import logging
import sys

import pytest
from flask import Flask

from app.cli.log_lines import JsonLines
from app.domain import keys


def line(message: str, *arguments: object, **extra: object) -> dict[str, str]:
    record = logging.LogRecord("app", logging.ERROR, "file", 1, message, arguments, sys.exc_info())
    record.__dict__.update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_a_record_is_one_line_with_its_request() -> None:
    found = line("two\nlines of %s", "text", request_id="abc")

    assert found["message"] == "two\nlines of text"
    assert (found["level"], found["logger"], found["request_id"]) == ("error", "app", "abc")
    assert found["time"].endswith("+00:00")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_request_that_is_being_answered_is_named(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        assert len(line("while answering")["request_id"]) == 16
    assert "request_id" not in line("of nobody")


def test_no_key_is_in_a_message_or_a_traceback() -> None:
    key = keys.make()
    try:
        raise ValueError(key)
    except ValueError:
        found = line("asked about %s", key)

    assert not keys.occurs_in(json.dumps(found))
    assert key[-4:] in found["message"]
    assert "ValueError" in found["traceback"]

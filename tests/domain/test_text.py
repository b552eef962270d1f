"""What people may type: SPEC 3."""

import pytest

from app.domain import keys, text
from app.domain.errors import Unfit


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Billing", "Billing"),
        ("  Billing  ", "Billing"),
        ("Caf\u0065\u0301", "Café"),
        ("日本語", "日本語"),
        ("🦊", "🦊"),
        ("a" * 100, "a" * 100),
    ],
)
def test_a_name_is_trimmed_and_composed(raw: str, kept: str) -> None:
    assert text.name(raw) == kept


@pytest.mark.parametrize(
    "raw",
    ["", " ", "\u3000", "a" * 101, "a\nb", "a\tb", "a\0b", "a\x1bb", "a\u200bb", "a\u202eb", "a\u2028b", "a\ud800b"],
)
def test_a_name_is_visible_text_on_one_line(raw: str) -> None:
    with pytest.raises(Unfit):
        text.name(raw)


def test_long_text_may_have_lines() -> None:
    assert text.reason("first line\r\nsecond line\rthird") == "first line\nsecond line\nthird"


@pytest.mark.parametrize("raw", ["", "too short", " " * 30, "a" * 2001, "\u200b" * 20])
def test_a_reason_has_10_to_2000_visible_characters(raw: str) -> None:
    with pytest.raises(Unfit):
        text.reason(raw)


@pytest.mark.parametrize("rule", [text.name, text.description, text.reason, text.optional_reason])
def test_a_text_that_contains_a_key_is_refused_and_says_why(rule: object) -> None:
    with pytest.raises(Unfit, match="contains a key"):
        rule(f"see {keys.make()} there")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Billing", "billing "), ("STRASSE", "straße"), ("Ｂｉｌｌｉｎｇ", "billing"), ("a  b", "A B"), ("ﬁle", "FILE")],
)
def test_names_are_compared_folded(one: str, other: str) -> None:
    assert text.folded(one) == text.folded(other)

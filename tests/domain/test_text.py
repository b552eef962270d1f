"""What people may type: SPEC 3."""

import pytest

from app.domain import emails, keys, text
from app.domain.errors import Unfit


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Billing", "Billing"),
        ("  Billing  ", "Billing"),
        ("Caf\u0065\u0301", "Café"),
        ("日本語", "日本語"),
        ("🦊", "🦊"),
        ("❤\ufe0f", "❤\ufe0f"),
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


@pytest.mark.parametrize(
    "raw", ["\u3164", "\u2800" * 5, "\ufe0f", "\ufe0f \ufe0f", "a\u034fb", "worker\u034f", "a\u115f", "a\U000e0000"]
)
def test_a_name_has_no_letters_that_are_not_drawn(raw: str) -> None:
    with pytest.raises(Unfit):
        text.name(raw)


def test_long_text_may_have_lines() -> None:
    assert text.reason("first line\r\nsecond line\rthird") == "first line\nsecond line\nthird"


@pytest.mark.parametrize(
    "raw",
    [
        *("", "too short", " " * 30, "a" * 2001, "a" + " " * 20 + "b"),
        *("\u200b" * 20, "\u3164" * 20, "\u2800" * 20, "\ufe0f" * 20, "short" + "\ufe0f" * 20),
    ],
)
def test_a_reason_has_10_to_2000_visible_characters(raw: str) -> None:
    with pytest.raises(Unfit):
        text.reason(raw)


@pytest.mark.parametrize("rule", [text.name, text.description, text.reason, text.optional_reason])
def test_a_text_that_contains_a_key_is_refused_and_says_why(rule: object) -> None:
    with pytest.raises(Unfit, match="contains a key"):
        rule(f"see {keys.make()} there")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing", "billing "),
        ("STRASSE", "straße"),
        ("Ｂｉｌｌｉｎｇ", "billing"),
        ("a  b", "A B"),
        ("ﬁle", "FILE"),
        ("worker\ufe0f", "worker"),
        ("e\ufe0f\u0301", "é"),
    ],
)
def test_names_are_compared_folded(one: str, other: str) -> None:
    assert text.folded(one) == text.folded(other)


@pytest.mark.parametrize("letter", ["\u034f", "\u3164", "\u2800", "\u200b"])
def test_an_email_is_visible_text(letter: str) -> None:
    with pytest.raises(Unfit):
        emails.email(f"ada{letter}@example.com")


def test_selectors_make_no_other_account() -> None:
    assert emails.account_name("ada\ufe0f@example.com") == emails.account_name("ada@example.com")

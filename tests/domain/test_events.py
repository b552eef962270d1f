"""The audit vocabulary: SPEC 11."""

import re

import pytest

from app.domain import events
from app.domain.events import Action


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_subject_and_what_was_done_and_has_its_sentence(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", action.value)
    assert events.sentence(action)


def test_no_sentence_is_left_over() -> None:
    assert set(events.SENTENCES) == set(Action)

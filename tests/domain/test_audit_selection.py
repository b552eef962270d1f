"""What people type to narrow the log down: SPEC 11, TRAPS E5."""

import pytest

from app.domain import audit_selection
from app.domain.errors import Unfit


@pytest.mark.parametrize("typed", ["0", "-1", "+1", "1.5", "1e3", "01", "１", "9" * 19, " 1"])
def test_what_is_no_sequence_is_said(typed: str) -> None:
    with pytest.raises(Unfit, match="names no page"):
        audit_selection.cursor(typed)

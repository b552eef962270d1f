"""One window per token at a time, on each database: SPEC 10."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.clock import FixedClock
from app.domain.emergency import End
from app.store.database import transaction
from app.store.tables import EmergencyWindowRow
from tests.cast import Cast
from tests.services.emergency.conftest import Activate, stored

HOUR = timedelta(hours=1)


def test_the_database_itself_keeps_one_open_window(activate: Activate, token_id: str, cast: Cast) -> None:
    end = activate("1")

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            EmergencyWindowRow(token_id=token_id, starts_at=end, ends_at=end + HOUR, activated_by=cast.ada, reason="-")
        )


def test_after_its_end_the_next_one_takes_a_new_reason_and_finds_the_old_one_closed(
    activate: Activate, token_id: str, clock: FixedClock
) -> None:
    activate("1")
    clock.advance(HOUR)

    activate("1", "The office network is still down")

    first, second = stored(token_id)
    assert (first.ended_at, first.ended_how) == (first.ends_at, End.CLOCK)
    assert second.ended_at is None
    assert second.reason == "The office network is still down"

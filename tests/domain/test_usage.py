"""Uses, summed up: SPEC 13."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from app.domain.checks import Code
from app.domain.usage import NO_ADDRESS, REFUSALS_KEPT, Use, hour_of, tallied

START = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)


def test_the_sums_are_those_of_the_single_uses() -> None:
    choose = random.Random(7)
    uses = [
        Use(
            token_id=choose.choice("ab"),
            key_id=choose.choice("kl"),
            # Threads overtake one another, at the turn of the day as well.
            at=START + timedelta(seconds=place + choose.randrange(3)),
            code=choose.choice((Code.VALID, Code.VALID, Code.DISABLED)),
            address=choose.choice(("10.0.0.1", "10.0.0.2", None)),
            caller_token_id=choose.choice(("c", None)),
            request_id=str(place),
            scopes=choose.choice((frozenset(), frozenset({"x:read"}), frozenset({"x:read", "y:read"}))),
            window_id=choose.choice((None, 1)),
        )
        for place in range(120)
    ]

    for tally in tallied(uses):
        own = [use for use in uses if use.token_id == tally.token_id]
        good = [use for use in own if use.accepted]
        assert dict(tally.counts) == Counter((hour_of(use.at), use.code) for use in own)
        assert dict(tally.places) == Counter((use.at.date(), use.address or NO_ADDRESS) for use in good)
        assert dict(tally.passed_by_window) == Counter(use.window_id for use in own if use.window_id)
        for key in "kl":
            assert tally.last_by_key[key].at == max(use.at for use in good if use.key_id == key)
        for scope in ("x:read", "y:read"):
            assert tally.asked[scope] == max(hour_of(use.at) for use in good if scope in use.scopes)
        assert list(tally.refusals) == [use for use in own if not use.accepted][-REFUSALS_KEPT:]


def test_the_first_late_use_of_each_key_is_kept() -> None:
    late = [Use("a", "k", START + timedelta(seconds=each), Code.ROTATED, None, None, str(each)) for each in range(3)]

    (tally,) = tallied(late)

    assert tally.late == {"k": late[0]}

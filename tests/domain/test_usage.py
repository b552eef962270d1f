"""Uses, summed up: SPEC 13."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from app.domain.checks import Code
from app.domain.usage import NO_ADDRESS, REFUSALS_KEPT, Alike, Use, hour_of, tallied

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

    alike: dict[object, Alike] = {}
    accepted = []
    for use in uses:
        if use.code is Code.VALID:
            hour = hour_of(use.at)
            like = alike.setdefault((hour, use._replace(at=START, request_id="")), Alike(use))
            accepted.append((like, use.at))
    good = [use for use in uses if use.code is Code.VALID]
    refused = [use for use in uses if use.code is not Code.VALID]

    tallies = list(tallied(refused, accepted, most=7))

    assert sum((Counter(tally.counts) for tally in tallies), Counter()) == Counter(
        (use.token_id, hour_of(use.at), use.code) for use in uses
    )
    assert sum((Counter(tally.places) for tally in tallies), Counter()) == Counter(
        (use.token_id, use.at.date(), use.address or NO_ADDRESS) for use in good
    )
    assert sum((Counter(tally.passed) for tally in tallies), Counter()) == Counter(
        (use.window_id, use.token_id) for use in good if use.window_id
    )
    for key in "kl":
        of_key = [(like, at) for like, at in accepted if like.first.key_id == key]
        last = dict(of_key)
        assert max(tally.last[key][0] for tally in tallies if key in tally.last) == max(last.values())
    for asked in {(use.token_id, scope) for use in good for scope in use.scopes}:
        hours = [tally.asked[asked] for tally in tallies if asked in tally.asked]
        assert max(hours) == max(hour_of(use.at) for use in good if use.token_id == asked[0] and asked[1] in use.scopes)
    for token in "ab":
        kept = [use for tally in tallies for use in tally.refusals.get(token, ())]
        assert kept == [use for use in refused if use.token_id == token]


def test_of_each_token_no_more_refusals_are_kept_than_are_shown() -> None:
    refused = [
        Use("a", "k", START + timedelta(seconds=n), Code.DISABLED, None, None, str(n)) for n in range(REFUSALS_KEPT + 9)
    ]

    (tally,) = tallied(refused, [], most=1_000)

    assert list(tally.refusals["a"]) == refused[-REFUSALS_KEPT:]


def test_the_first_late_use_of_each_key_is_kept() -> None:
    late = [Use("a", "k", START + timedelta(seconds=each), Code.ROTATED, None, None, str(each)) for each in range(3)]

    (tally,) = tallied(late, [], most=10)

    assert tally.late == {"k": late[0]}

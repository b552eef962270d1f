"""What about a token deserves a look before anybody complains (SPEC 14)."""

from datetime import timedelta

SOON = timedelta(days=30)
UNUSED_AFTER = timedelta(days=90)
# What the last day is compared with, and how long the use of a key that was rotated away is told.
LATELY, BEFORE = timedelta(days=1), timedelta(days=7)
RETIRED_KEY_TOLD = timedelta(days=7)
FEWEST, TIMES = 10, 3


def rose(lately: int, before: int) -> bool:
    """Whether refusals of the last day stand out: at least ten, and more than three times what a day of the week before
    it had."""
    return lately >= FEWEST and lately * BEFORE.days > before * TIMES

"""Emergency access in the small: SPEC 10."""

from datetime import datetime, timedelta

from tests.histories.state import State

MOST, SPAN = timedelta(hours=8), timedelta(hours=24)


class OnEmergency(State):
    """Each verb says whether anything happens."""

    def activate(self, who: str, number: int, hours: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.rules(who) or token.stands(now) != "active" or token.open_until(now) is not None:
            return False
        windows = [*token.windows, (now, now + timedelta(hours=hours), who)]
        if any(_open_within(windows, end) > MOST for _, end, _ in windows):
            return False
        token.windows = windows
        return True

    def deactivate_emergency(self, who: str, number: int, now: datetime) -> bool:
        token = self.tokens[number]
        if not self.rules(who) or token.open_until(now) is None:
            return False
        token.close(now)
        return True

    def close_what_they_opened(self, whom: str, now: datetime) -> None:
        """End the windows of somebody who may open none any more."""
        for token in self.tokens:
            if not self.rules(whom) and any(by == whom and now < until for _, until, by in token.windows):
                token.close(now)


def _open_within(windows: list[tuple[datetime, datetime, str]], end: datetime) -> timedelta:
    """For how long it was open in the span that ends there."""
    lasted = (min(until, end) - max(start, end - SPAN) for start, until, _ in windows)
    return sum((max(one, timedelta()) for one in lasted), timedelta())

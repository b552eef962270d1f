"""People in the small: SPEC 2 and 3."""

from datetime import datetime

from tests.histories.on_emergency import OnEmergency


class OnPeople(OnEmergency):
    """Each verb says whether anything happens. What somebody asked for, or opened, goes with their right to."""

    def change_role(self, who: str, whom: str, role: str, now: datetime) -> bool:
        target = self.people[whom]
        if not self.rules(who) or not target.active or target.role == role or self.is_last(whom):
            return False
        target.role = role
        self._let_go(whom, now)
        return True

    def deactivate(self, who: str, whom: str, now: datetime) -> bool:
        if not self.rules(who) or not self.people[whom].active or self.is_last(whom):
            return False
        self.people[whom].active = False
        self._let_go(whom, now)
        return True

    def admit(self, who: str, whom: str) -> bool:
        target = self.people[whom]
        known = target.owns or target.works_here
        if not self.manages(who) or known or not target.active or (who == whom and not self.works(who)):
            return False
        target.works_here = True
        return True

    def remove(self, who: str, whom: str, now: datetime) -> bool:
        if not self.manages(who) or not self.people[whom].works_here:
            return False
        self.people[whom].works_here = False
        self.withdraw(whom, now)
        return True

    def _let_go(self, whom: str, now: datetime) -> None:
        self.withdraw(whom, now)
        self.close_what_they_opened(whom, now)

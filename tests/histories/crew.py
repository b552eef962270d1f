"""Who may do what, by the table of SPEC 2: to the one application that a history is about."""

from dataclasses import dataclass

from tests.histories.facts import SUPERUSER, Person


@dataclass
class Crew:
    """Everybody, by name."""

    people: dict[str, Person]

    def works(self, who: str) -> bool:
        person = self.people[who]
        return person.active and (person.owns or person.works_here)

    def edits(self, who: str) -> bool:
        return self.works(who) or self.people[who].decides

    def manages(self, who: str) -> bool:
        return self.people[who].decides or (self.people[who].active and self.people[who].owns)

    def rules(self, who: str) -> bool:
        return self.people[who].active and self.people[who].role == SUPERUSER

    def is_last(self, whom: str) -> bool:
        others = [one for name, one in self.people.items() if name != whom and one.active and one.role == SUPERUSER]
        return self.people[whom].role == SUPERUSER and not others

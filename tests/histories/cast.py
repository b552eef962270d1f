"""Who there is when a history begins, and the catalogue that they find: the same in the program and in the model."""

from tests.histories.facts import HIGH, LOW, MEDIUM, Entry, Person

LINUS, MARGARET, SAM, BARBARA, GRACE, ADA, IRIS = NAMES = (
    "linus",
    "margaret",
    "sam",
    "barbara",
    "grace",
    "ada",
    "iris",
)
ASKS_AT = frozenset({MEDIUM, HIGH})
CATALOGUE = {
    "ledger:read": Entry(LOW),
    "ledger:list": Entry(LOW),
    "ledger:write": Entry(MEDIUM),
    "ledger:pay": Entry(HIGH),
}


def people() -> dict[str, Person]:
    """Everybody, by name."""
    return {
        LINUS: Person("member", owns=True),
        MARGARET: Person("member", works_here=True),
        SAM: Person("member"),
        BARBARA: Person("administrator", works_here=True),
        GRACE: Person("administrator"),
        ADA: Person("superuser"),
        IRIS: Person("superuser", works_here=True),
    }

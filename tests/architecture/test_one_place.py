"""What is done in one place of the program only: asking the time, committing, counting, making aliases."""

import ast

import pytest

from tests.architecture.conftest import Plant
from tests.architecture.house import House, calls

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("func", "now"),  # the database has a clock, too
    ("func", "current_timestamp"),
}
CONDITIONS = {"where", "filter", "having"}


def asks_the_time(house: House) -> list[str]:
    found = []
    for module in house.modules:
        if module.name == "app.clock":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", None)
                if (owner, node.attr) in CLOCKS:
                    found.append(module.at(node, "asks the time; take `now`"))
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                found += [module.at(node, f"imports {a.name}; take `now`") for a in node.names if "time" in a.name]
    return found


def commits(house: House) -> list[str]:
    return [
        module.at(call, "commits; open transaction() in the public verb")
        for module in house.modules
        for call in calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and module.name != "app.store.database"
    ]


def python_conditions(house: House) -> list[str]:
    """`and`, `or` and `not` between columns: Python decides them on the spot, and a filter silently vanishes."""
    return [
        module.at(node, "uses Python's and, or, not in a query; give two conditions, or use or_() and not_()")
        for module in house.modules
        for call in calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr in CONDITIONS
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
    ]


def counters_elsewhere(house: House) -> list[str]:
    return [
        f"{module.path} imports limits"
        for module in house.modules
        if not module.name.startswith("app.quota") and any(name.split(".")[0] == "limits" for name in module.imports)
    ]


def aliases_elsewhere(house: House) -> list[str]:
    """Where two threads need one for the first time at once, a statement can read another table than it says."""
    return [
        module.at(node, "makes an alias; take shared_alias()")
        for module in house.modules
        if module.name != "app.store.aliases"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "aliased")
        or (isinstance(node, ast.ImportFrom) and any(imported.name == "aliased" for imported in node.names))
    ]


def test_only_the_clock_asks_the_time(house: House) -> None:
    assert asks_the_time(house) == []


def test_only_transaction_commits(house: House) -> None:
    assert commits(house) == []


def test_only_the_quota_room_counts_with_limits(house: House) -> None:
    assert counters_elsewhere(house) == []


def test_only_aliases_that_threads_can_share_are_made(house: House) -> None:
    assert aliases_elsewhere(house) == []


def test_queries_are_filtered_by_the_database_and_not_by_python(house: House) -> None:
    assert python_conditions(house) == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import time",
        "from time import time_ns as t",
        "default = datetime.now",
        "select(func.now())",
    ],
)
def test_asking_the_time_is_found(plant: Plant, source: str) -> None:
    assert len(asks_the_time(plant({"app/services/verb.py": source, "app/clock.py": source}))) == 1


def test_taking_the_time_from_the_door_is_fine(plant: Plant) -> None:
    assert asks_the_time(plant({"app/web/views.py": "from time import monotonic\naccess.now()"})) == []


def test_a_commit_elsewhere_is_found(plant: Plant) -> None:
    source = "def verb(session):\n    session.commit()\n"
    assert len(commits(plant({"app/services/verb.py": source, "app/store/database.py": source}))) == 1


def test_counting_elsewhere_is_found(plant: Plant) -> None:
    planted = plant(
        {"app/services/verb.py": "from limits.storage import MemoryStorage", "app/quota/q.py": "import limits"}
    )
    assert counters_elsewhere(planted) == ["app/services/verb.py imports limits"]


@pytest.mark.parametrize(
    "source", ["from sqlalchemy.orm import Session, aliased as other", "def q():\n    return orm.aliased(T)\n"]
)
def test_an_alias_that_was_made_elsewhere_is_found(plant: Plant, source: str) -> None:
    planted = plant({"app/store/queries/t.py": source, "app/store/aliases.py": source})
    assert len(aliases_elsewhere(planted)) == 1


@pytest.mark.parametrize("condition", ["T.id == 5 and T.app == 7", "T.id == 5, not T.gone", "(a or b) & c"])
def test_a_filter_that_python_would_swallow_is_found(plant: Plant, condition: str) -> None:
    assert len(python_conditions(plant({"app/store/queries/t.py": f"select(T).where({condition})"}))) == 1

"""Column types that hand out domain values."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, Dialect, SmallInteger, String, TypeDecorator

from app.domain.risk import Risk
from app.domain.scopes import AnswersFor

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. Refuses naive ones, which would mean a different time on another machine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: SQLite gives naive ones back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """A member of a closed word list, stored as its text."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        """From the database."""
        return None if value is None else self.words(value)


class RiskLevel(TypeDecorator[Risk]):
    """A risk, stored as a number so that the database finds the highest."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Risk | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Risk | None:
        """From the database."""
        return None if value is None else Risk(value)


class AnswersForValue(TypeDecorator[AnswersFor]):
    """What an application answers for: `"all"` or a sorted list of resources."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: AnswersFor | None, dialect: Dialect) -> object:
        """To the database."""
        value = value or AnswersFor()
        return "all" if value.everything else sorted(value.resources)

    def process_result_value(self, value: Any, dialect: Dialect) -> AnswersFor:
        """From the database. There is no value where an outer join found no application."""
        return AnswersFor(everything=True) if value == "all" else AnswersFor(frozenset(value or ()))

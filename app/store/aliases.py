"""A table once more, where one statement needs it twice."""

from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

Row = TypeVar("Row")


def shared_alias(row: type[Row], name: str | None = None) -> type[Row]:
    """The same table under another name, made once for the statements of all threads.

    It is whole before it is shared: an alias finds its columns when they are first needed, and where two threads need
    them at once, one writes a statement whose columns are not of the alias. The table itself then joins it with every
    one of its rows, and as statements are kept, everybody who asks later has that one.
    """
    alias = aliased(row, name=name)
    _ = [getattr(alias, attribute.key).expression for attribute in inspect(row).column_attrs]
    return alias

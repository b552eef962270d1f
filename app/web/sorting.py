"""Lists that are sorted by their address: the heads of their columns are links that do it, and all else that the
address says is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.domain import sorting
from app.domain.sorting import Sort


@dataclass(frozen=True)
class Head:
    """The head of one column. `href` sorts by it, the other way round where that is so already; None where the list
    cannot be sorted by it. `direction` is the word of `aria-sort`, None but for the column that it is sorted by. By
    `id` focus finds the link again after the list was swapped."""

    label: str
    href: str | None = None
    direction: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Order:
    """How a list is sorted, and the addresses of it that are sorted in other ways or begin on other pages. `columns`
    are labels, each with the word by which the list is sorted at the first press, None where it is not; `kept` is what
    else stands in the address. `name` tells the lists of a page apart, where it has several, and `place` is the word of
    the address that says where its page begins."""

    sort: Sort
    default: Sort
    columns: Sequence[tuple[str, str | None]]
    endpoint: str
    kept: Mapping[str, Any]
    name: str = ""
    place: str = "after"

    @property
    def word(self) -> str | None:
        """The sort as it stands in an address: not at all where it is the list's own."""
        return self.sort.word if self.sort != self.default else None

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns."""
        return [self._head(label, sorting.of(word)) if word else Head(label) for label, word in self.columns]

    @property
    def first(self) -> str:
        """The address of the first page."""
        return url_for(self.endpoint, **self.kept, sort=self.word)

    def behind(self, after: str | None, **also: str) -> str | None:
        """The address of the page that begins behind `after`, where it stands with `also`; None where there is none."""
        if after is None:
            return None
        return url_for(self.endpoint, **{**self.kept, **also, "sort": self.word, self.place: after})

    def _head(self, label: str, first: Sort) -> Head:
        is_current = first.by == self.sort.by
        pressed = self.sort.turned if is_current else first
        direction = "descending" if self.sort.descending else "ascending"
        href = url_for(self.endpoint, **self.kept, sort=pressed.word)
        id_ = "-".join(["sort", *self.name.split(), *label.lower().split()])
        return Head(label, href, direction if is_current else None, id_)


def asked(
    columns: Sequence[tuple[str, str | None]],
    default: Sort,
    endpoint: str,
    kept: Mapping[str, Any] | None = None,
    *,
    name: str = "",
    place: str = "after",
) -> Order:
    """The order that this request's address asks for. What is empty of `kept` is left out of addresses."""
    known = {sorting.of(word).by for _, word in columns if word}
    sort = sorting.read(request.args.get("sort", ""), known, default)
    filled = {each: value for each, value in (kept or {}).items() if value}
    return Order(sort, default, columns, endpoint, filled, name, place)

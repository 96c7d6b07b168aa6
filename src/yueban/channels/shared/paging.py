"""Pages of a list kept in the address."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

PER_PAGE = 20
MOST = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list that may be a city's: counted no further than anybody turns its pages."""

    most = MOST

    @cached_property
    def count(self) -> int:
        """How many there are, or `most`; the database stops counting there."""
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        return int(self.object_list.order_by()[: self.most].count())

    @property
    def counted(self) -> str:
        """The count as it is told: 10000+ where there may be more."""
        return f"{self.count}+" if self.count == self.most else str(self.count)


class FoundOncePaginator(BoundedPaginator):
    """Pages of a list that is dear to find: keys are found in order once and so counted; a page is read by them."""

    read_from: "QuerySet[Any]"
    by = "pk"

    @cached_property
    def keys(self) -> list[Any]:
        """The keys of the list in its order, no more than `most`."""
        assert isinstance(self.object_list, QuerySet)
        return list(self.object_list[: self.most])

    @cached_property
    def count(self) -> int:
        """How many there are, or `most`."""
        return len(self.keys)

    def page(self, number: int | str) -> "Page[Any]":
        """The rows of a page, in the list's order."""
        asked = self.validate_number(number)
        keys = self.keys[(asked - 1) * self.per_page : asked * self.per_page]
        rows = {getattr(row, self.by): row for row in self.read_from.filter(**{f"{self.by}__in": keys})}
        return Page([rows[key] for key in keys if key in rows], asked, self)


def page_of(
    request: HttpRequest,
    rows: "QuerySet[Any] | Sequence[Any]",
    per_page: int = PER_PAGE,
    *,
    most: int = MOST,
) -> "Page[Any]":
    """The page that the address asks for; a wrong number gives the nearest page."""
    paginator = BoundedPaginator(rows, per_page)
    paginator.most = most
    return paginator.get_page(request.GET.get("page"))


def page_found_once(
    request: HttpRequest,
    keys: "QuerySet[Any, Any]",
    read_from: "QuerySet[Any]",
    *,
    by: str = "pk",
    most: int = MOST,
) -> "Page[Any]":
    """The same of rows of `read_from`, whose keys in order are dear to find: one query finds and counts them."""
    paginator = FoundOncePaginator(keys, PER_PAGE)
    paginator.read_from, paginator.by, paginator.most = read_from, by, most
    return paginator.get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """The address's filters, ready to stand before `page=`."""
    query = request.GET.copy()
    query.pop("page", None)
    text = query.urlencode()
    return f"{text}&" if text else ""

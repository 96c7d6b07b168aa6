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


def query_without_page(request: HttpRequest) -> str:
    """The address's filters, ready to stand before `page=`."""
    query = request.GET.copy()
    query.pop("page", None)
    text = query.urlencode()
    return f"{text}&" if text else ""

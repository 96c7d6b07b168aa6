"""标签目录 at the desk: every tag of enterprises with owner, definition, use and conflicts, and as an Excel file."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports, tag_catalogue

PER_PAGE = 30
LONGEST = 60
COLUMNS = ("标签", "编码", "方式", "定义", "说明", "负责部门", "使用的惠企事项", "冲突")


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    words: str
    owner: str
    only_conflicts: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Only what exists counts."""
        words, owner = (request.GET.get(name, "")[:LONGEST] for name in ("words", "owner"))
        known = owner if owner in tag_catalogue.owner_names() else ""
        return cls(words.strip(), known, request.GET.get("conflicts") == "1")

    @property
    def query(self) -> str:
        """The same, for another address."""
        conflicts = "1" if self.only_conflicts else ""
        return urlencode({"words": self.words, "owner": self.owner, "conflicts": conflicts})

    def lines(self) -> list[tag_catalogue.Line]:
        """What of the catalogue fits."""
        return tag_catalogue.lines(words=self.words, owner=self.owner, only_conflicts=self.only_conflicts)


@staff_only
@require_safe
def tag_list(request: DeskRequest) -> HttpResponse:
    """The catalogue as it is narrowed."""
    asked = Asked.of(request)
    page = page_of(request, asked.lines(), PER_PAGE)
    context = {
        "asked": asked,
        "owners": [{"code": code, "name": name} for code, name in tag_catalogue.owner_names().items()],
        "page": page,
        "query": query_without_page(request),
    }
    return desk_page(request, "desk/tags.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The catalogue as it is narrowed on the page."""
    asked = Asked.of(request)
    rows = [
        (
            line.tag.name,
            line.tag.key,
            str(line.tag.get_kind_display()),
            line.definition,
            line.tag.description,
            line.owner,
            line.uses,
            "；".join(line.conflicts),
        )
        for line in asked.lines()
    ]
    exports.record(request.actor, what="标签目录", rows=len(rows), filters=asked.query)
    return excel_response(_("标签目录"), COLUMNS, rows)

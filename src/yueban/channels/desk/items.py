"""事项管理: the items of an editor's agencies, the directory to adopt from, and a new item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.agencies import selectors as agencies
from yueban.catalogue import editing
from yueban.catalogue.choices import VersionState
from yueban.catalogue.models import ItemVersion
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.flows import exports
from yueban.flows import publish_item as flow
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotAllowed

COLUMNS = ("事项", "实施编码", "部门", "版本", "状态", "生效日期", "最近保存", "目录版本", "正在编制")
TYPED = ("key", "name", "catalog_code")


def check_editor(actor: Actor) -> None:
    """Whether the page is for this person at all."""
    if not actor.has_role(roles.EDITOR):
        raise NotAllowed(_("事项由事项编辑管理。"), hint=_("请用事项编辑岗位的账号登录。"))


@staff_only
@require_safe
def item_list(request: DeskRequest) -> HttpResponse:
    """My agencies' items with their state; what is being written stands beside what is in force."""
    check_editor(request.actor)
    rows = _rows(request)
    page = page_of(request, rows)
    _say_open(page.object_list)
    context = {
        "page": page,
        "query": query_without_page(request),
        "filters": _filters(request),
        "states": VersionState.choices,
        "offices": _offices(request.actor),
    }
    return desk_page(request, "desk/items.html", context)


def _say_open(rows: Iterable[ItemVersion]) -> None:
    """The state of what is being written beside each version, in words."""
    for row in rows:
        state, words = getattr(row, "open_state", None), getattr(row, "open_words", None)
        row.open_word = VersionState(state).label if state else ""  # type: ignore[attr-defined]
        row.open_is_returned = state == VersionState.DRAFT and bool(words)  # type: ignore[attr-defined]


def _filters(request: DeskRequest) -> dict[str, Any]:
    found = {name: request.GET.get(name, "").strip()[:60] for name in ("text", "state", "agency")}
    return {**found, "is_set": any(found.values())}


def _rows(request: DeskRequest) -> QuerySet[ItemVersion]:
    filters = _filters(request)
    return editing.current_versions(
        request.actor, text=filters["text"], state=filters["state"], agency=filters["agency"]
    )


def _offices(actor: Actor) -> list[tuple[str, str]]:
    codes = sorted(editing.editor_agencies(actor))
    found = agencies.agencies_named(codes)
    return [(code, found[code].short_name) for code in codes if code in found]


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as an Excel file."""
    check_editor(request.actor)
    rows = _rows(request)
    filters = _filters(request)
    exports.record(
        request.actor, what="事项清单", rows=rows.count(), filters=f"{filters['text']}/{filters['state']}"
    )
    return excel_response(_("事项清单"), COLUMNS, _lines(rows))


def _lines(rows: QuerySet[ItemVersion]) -> Iterator[tuple[Value, ...]]:
    for row in rows.iterator(chunk_size=500):
        yield (
            row.name,
            row.task_code,
            row.agency.short_name,
            row.number,
            row.get_state_display(),
            row.effective_on,
            row.saved_at or row.published_at,
            row.directory.number if row.directory is not None else None,
            _open_line(row),
        )


def _open_line(row: ItemVersion) -> str:
    """第2版（待复核）, or nothing."""
    _say_open([row])
    number, word = getattr(row, "open_number", None), getattr(row, "open_word", "")
    return f"第{number}版（{word}）" if word else ""


@staff_only
@require_safe
def directory(request: DeskRequest) -> HttpResponse:
    """目录: what can be adopted, what has been."""
    check_editor(request.actor)
    text = request.GET.get("text", "").strip()[:60]
    offices = _offices(request.actor)
    shows_all = bool(request.GET.get("all"))
    rows = editing.entries_to_adopt([code for code, _name in offices], text=text, shows_all=shows_all)
    context = {
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "text": text,
        "shows_all": shows_all,
        "offices": offices,
        "trail": [(_("事项管理"), reverse("desk:items")), (_("事项目录"), "")],
    }
    return desk_page(request, "desk/items_directory.html", context)


@staff_only
@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """Start a draft: from the version in force, or from the directory (认领)."""
    key, agency = request.POST.get("item", "")[:80], request.POST.get("agency", "")[:60]
    if request.POST.get("from") == "directory":
        draft = flow.adopt_item(request.actor, key, agency)
        messages.success(request, _("已认领，请补充本部门的内容，再送复核。"))
    elif request.POST.get("from") == "entry":
        draft = flow.revise_entry(request.actor, key, agency)
        messages.success(
            request, _("已从目录现行版起草修订稿，复核后成为新的一版；已认领的部门会看到目录有更新。")
        )
    else:
        draft = flow.begin_draft(request.actor, key, agency)
        messages.success(request, _("已从在用版本起草，在用版本不受影响。改好后送另一位编辑复核。"))
    return HttpResponseRedirect(reverse("desk:item-edit", args=[draft.pk, "basics"]))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """An item that nobody has yet."""
    check_editor(request.actor)
    typed = {name: request.POST.get(name, "").strip()[:200] for name in TYPED}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            draft = flow.begin_item(request.actor, flow.NewItem(**typed), request.POST.get("agency", "")[:60])
        except Invalid as error:
            errors = error.fields
        else:
            return HttpResponseRedirect(reverse("desk:item-edit", args=[draft.pk, "basics"]))
    context = {
        "typed": typed,
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
        "error_of": errors,
        "offices": _offices(request.actor),
        "trail": [(_("事项管理"), reverse("desk:items")), (_("新建事项"), "")],
    }
    return desk_page(request, "desk/item_new.html", context, status=422 if errors else 200)

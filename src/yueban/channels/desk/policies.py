"""政策管理: the list of policies, importing a text, a policy with its clauses and offers, papers in Word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from yueban.agencies import selectors as agencies
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.policy_papers import notice_paper, policy_paper
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.flows import sign_policy as flow
from yueban.kernel import clock, roles
from yueban.kernel.errors import NotAllowed, ServiceError
from yueban.policies import selectors
from yueban.policies.choices import PolicyLevel
from yueban.policies.documents import PolicyStandard
from yueban.policies.errors import FileNotReadable
from yueban.policies.importing import Imported, import_file
from yueban.policies.models import Policy
from yueban.policies.reading.document import clauses_of

COLUMNS = ("政策", "文号", "级别", "发文机关", "施行日期", "在用事项", "未签发", "整理部门")
STATES = (("in_force", "有在用事项"), ("writing", "有未签发的"), ("none", "还没有事项"))
TYPED = (
    "key",
    "title",
    "document_number",
    "issuers",
    "level",
    "effective_on",
    "expires_on",
    "source",
    "text",
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _check(request: DeskRequest) -> None:
    if not flow.may_read(request.actor):
        raise NotAllowed(_("政策由政策工作人员管理。"), hint=_("请用编辑、审查或决定岗位的账号登录。"))


@staff_only
@require_safe
def policy_list(request: DeskRequest) -> HttpResponse:
    """Every policy with how many offers of it are in force and being written."""
    _check(request)
    context = {
        "page": page_of(request, _rows(request)),
        "query": query_without_page(request),
        "filters": _filters(request),
        "levels": PolicyLevel.choices,
        "states": STATES,
        "may_import": request.actor.has_role(roles.EDITOR),
    }
    return desk_page(request, "desk/policies.html", context)


def _filters(request: DeskRequest) -> dict[str, Any]:
    found = {name: request.GET.get(name, "").strip()[:60] for name in ("text", "level", "state")}
    return {**found, "is_set": any(found.values())}


def _rows(request: DeskRequest) -> QuerySet[Policy]:
    filters = _filters(request)
    return selectors.all_policies(
        text=filters["text"], level=filters["level"], state=filters["state"], on=clock.today()
    )


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as an Excel file."""
    _check(request)
    return excel_response(_("政策清单"), COLUMNS, _lines(_rows(request)))


def _lines(rows: QuerySet[Policy]) -> Iterator[tuple[Value, ...]]:
    for row in rows.iterator(chunk_size=500):
        yield (
            row.title,
            row.document_number,
            row.get_level_display(),
            "、".join(row.issuers),
            getattr(row, "effective_on", None),
            getattr(row, "in_force", 0),
            getattr(row, "unsigned", 0),
            row.agency.short_name if row.agency else "",
        )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Import: first the file is read, then the person looks at the text and says what it is."""
    if not request.actor.has_role(roles.EDITOR):
        raise NotAllowed(_("政策由编辑导入。"), hint=_("请用编辑岗位的账号登录。"))
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    typed["text"] = request.POST.get("text", "")[:500_000]
    errors: dict[str, str] = {}
    imported: Imported | None = None
    if request.method == "POST" and "file" in request.FILES:
        try:
            imported = _read(request)
            typed |= {"text": imported.text, "title": typed["title"] or imported.title}
        except FileNotReadable as error:
            errors["file"] = str(error)
    elif request.method == "POST":
        try:
            return _import(request, typed)
        except ValidationError as error:
            errors = {
                str(one["loc"][0]) if one["loc"] else "key": _wrong(str(one["type"]))
                for one in error.errors()
            }
        except ServiceError as error:
            errors = {"key": str(error)}
    context = {
        "typed": typed,
        "imported": imported,
        "is_machine_read": bool(imported and imported.is_machine_read) or request.POST.get("machine") == "1",
        "errors": [(f"f-{name}", message) for name, message in errors.items()],
        "error_of": errors,
        "levels": PolicyLevel.choices,
        "offices": _offices(request),
        "trail": [(_("政策管理"), reverse("desk:policies")), (_("导入政策"), "")],
    }
    return desk_page(request, "desk/policy_new.html", context, status=422 if errors else 200)


def _wrong(kind: str) -> str:
    return _("请填写。") if kind in {"string_too_short", "too_short"} else _("请按要求填写。")


def _offices(request: DeskRequest) -> list[tuple[str, str]]:
    codes = sorted(request.actor.agencies_with(roles.EDITOR))
    found = agencies.agencies_named(codes)
    return [(code, found[code].short_name) for code in codes if code in found]


def _read(request: DeskRequest) -> Imported:
    sent = request.FILES["file"]
    assert not isinstance(sent, list)
    return import_file(sent.name or "", sent.read())


def _import(request: DeskRequest, typed: dict[str, str]) -> HttpResponse:
    office = request.POST.get("agency", "")
    division = agencies.get_agency(office).division.code
    stated = {
        "key": typed["key"],
        "title": typed["title"],
        "issuers": [one for one in typed["issuers"].replace("，", "、").split("、") if one.strip()],
        "level": typed["level"],
        "division": division,
        "agency": office,
        "effective_on": typed["effective_on"],
        "source": typed["source"] or "由编辑导入",
    }
    stated |= {name: typed[name] for name in ("document_number", "expires_on") if typed[name]}
    standard = PolicyStandard.model_validate(stated, strict=False)
    version = flow.import_policy(
        request.actor,
        standard,
        typed["text"],
        agency=office,
        is_machine_read=request.POST.get("machine") == "1",
    )
    messages.success(request, _("已导入。请逐条起草惠企事项。"))
    return HttpResponseRedirect(reverse("desk:policy", args=[version.policy.key]))


@staff_only
@require_safe
def policy(request: DeskRequest, key: str) -> HttpResponse:
    """The text with its clauses, each with the offers that were read from it."""
    found = flow.policy_for(request.actor, key)
    version = selectors.current_version(found)
    offers = selectors.newest_versions(found)
    clauses = []
    for clause in clauses_of(version.text):
        start = clause.span.start + version.text[clause.span.start : clause.span.end].find(clause.text)
        end = clause.span.end
        mine = [
            one for one in offers if one.policy_version_id == version.pk and _within(one.spans, start, end)
        ]
        clauses.append({"clause": clause, "start": start, "offers": mine})
    placed = {one.pk for row in clauses for one in row["offers"]}  # type: ignore[attr-defined]
    context = {
        "policy": found,
        "version": version,
        "clauses": clauses,
        "others": [one for one in offers if one.pk not in placed],
        "offers": offers,
        "may_write": flow.may_write(request.actor, found),
        "trail": [(_("政策管理"), reverse("desk:policies")), (found.title, "")],
    }
    return desk_page(request, "desk/policy.html", context)


def _within(spans: list[dict[str, Any]], start: int, end: int) -> bool:
    """Whether the offer's clause begins in this part."""
    found = next((one for one in spans if one["for"] == "clause"), None)
    return found is not None and (start <= found["start"] < end or found["start"] <= start < found["end"])


@staff_only
@require_POST
def draft(request: DeskRequest, key: str) -> HttpResponse:
    """Draft the offers of one clause: one click."""
    found = flow.policy_for(request.actor, key)
    made = flow.draft_clause(
        request.actor, selectors.current_version(found), whole_number(request, "place") or 0
    )
    messages.success(request, _("已起草，请逐项核对，没读懂的词写成条件或人工核实。"))
    return HttpResponseRedirect(reverse("desk:offer", args=[made[0].pk]))


@staff_only
@require_safe
def word(request: DeskRequest, key: str, paper: str) -> HttpResponse:
    """The policy with its structure, or the 申报通知, as a Word file."""
    found = flow.policy_for(request.actor, key)
    version = selectors.current_version(found)
    write = notice_paper if paper == "notice" else policy_paper
    response = HttpResponse(write(version, selectors.newest_versions(found)), content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="{found.key}-{paper}.docx"'
    return response

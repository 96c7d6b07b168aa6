"""A draft at the desk: form, materials, mandate and submission on one page, saved as one types, offline too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.cases import selectors as cases_read
from yueban.cases.choices import ApplicationState
from yueban.cases.errors import ApplicationStale
from yueban.cases.models import Application, ApplicationFile
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import forms
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.proofs import proof_counts
from yueban.channels.shared.serving import guarded_response, stored_file_response
from yueban.files.errors import FileNotFound
from yueban.flows import apply, assist, assist_papers, prove
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, ServiceError
from yueban.parties.choices import MandateWay, Power
from yueban.parties.models import Mandate

POWERS = (Power.SUBMIT, Power.SUPPLEMENT, Power.COLLECT)


@dataclass
class Page:
    """What the page shows besides the draft itself."""

    data: dict[str, Any]
    errors: dict[str, str]
    problems: list[tuple[str, str]]
    conflict: list[tuple[str, str, str]]
    extra: str = ""
    agreed: bool = False
    status: int = 200


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: DeskRequest, number: str) -> HttpResponse:
    """The page; every button of it posts the whole page, so that nothing typed is lost without scripts."""
    application = assist.open_draft(request.actor, number)
    if application.state == ApplicationState.SUBMITTED:
        return HttpResponseRedirect(reverse("desk:handed-in", args=[application.cases.get().number]))
    if request.method == "POST":
        return _act(request, application)
    page = Page(application.form, {}, [], [], extra=request.GET.get("extra", ""))
    return _page(request, application, page)


def _act(request: DeskRequest, application: Application) -> HttpResponse:
    compiled, number = application.item_version.compiled, application.number
    data = forms.data_of(compiled, request.POST, without=request.POST.get("remove", ""))
    page = Page(data, {}, [], [], agreed=bool(request.POST.get("agreed")))
    acting = assist.draft_actor(request.actor, number)
    try:
        saved = apply.save_draft(acting, number, data, whole_number(request, "revision"))
    except ApplicationStale:
        fresh = cases_read.get_assisted(request.actor, number)
        if fresh.form != data:
            page.conflict, page.status = differences(fresh, data), 409
            return _page(request, fresh, page)
    else:
        application.revision = saved.revision
    application.form = data
    problems = _take_files(request, application)
    if problems:
        page.problems, page.status = problems, 422
        return _page(request, application, page)
    return _press(request, application, page)


def _press(request: DeskRequest, application: Application, page: Page) -> HttpResponse:
    """What the pressed button asks for, after everything typed has been saved."""
    number, posted = application.number, request.POST
    here = reverse("desk:draft", args=[number])
    try:
        if posted.get("add"):
            return HttpResponseRedirect(f"{here}?extra={posted['add']}#s-{posted['add']}")
        if posted.get("drop"):
            apply.remove_file(assist.draft_actor(request.actor, number), number, posted["drop"])
        if posted.get("mandate"):
            _give_mandate(request, number)
        if posted.get("promise"):
            key = posted["promise"]
            acting = assist.draft_actor(request.actor, number)
            prove.promise(acting, number, key, posted.get(f"sign-{key}", ""))
        if posted.get("submit"):
            return _submit(request, application, page)
        if posted.get("discard"):
            apply.discard(assist.draft_actor(request.actor, number), number)
            return HttpResponseRedirect(reverse("desk:intake"))
    except ServiceError as error:
        if error.status == 404:
            raise
        told = error.fields if isinstance(error, Invalid) else {}
        page.problems = [(f"f-{name}", text) for name, text in told.items()] or [
            ("mandate", f"{error.message}{error.hint}")
        ]
        page.status = error.status
        return _page(request, application, page)
    if posted.get("go") == "save":
        prove.ask_sources(assist.draft_actor(request.actor, number), number)
    is_of_materials = posted.get("drop") or posted.get("upload") or posted.get("promise")
    return HttpResponseRedirect(here + ("#materials" if is_of_materials else ""))


def _submit(request: DeskRequest, application: Application, page: Page) -> HttpResponse:
    prove.ask_sources(assist.draft_actor(request.actor, application.number), application.number)
    ready = assist.readiness(request.actor, application.number)
    page.errors = dict(ready.errors)
    page.problems = [
        (
            f"m-{one.key}",
            (_("还没有签承诺或者上传：%(name)s") if one.is_to_sign else _("还没有上传：%(name)s"))
            % {"name": one.name},
        )
        for one in ready.materials
        if one.is_missing
    ]
    if assist.is_helper(request.actor) and not _mandate_of(request, application):
        page.problems.append(("mandate", _("还没有委托：请他在手写板或委托书上签名。")))
    if not page.agreed:
        page.problems.append(("f-agreed", _("请先把声明读给办事人听，他同意后勾选。")))
    if page.errors or page.problems:
        page.status = 422
        return _page(request, application, page)
    case = assist.submit(request.actor, application.number)
    return HttpResponseRedirect(reverse("desk:handed-in", args=[case.number]) + "?submitted=1")


def _mandate_of(request: DeskRequest, application: Application) -> Mandate | None:
    """The mandate on which a helper may hand this draft in."""
    key = application.item_version.item.key
    return assist.find_mandate(request.actor, application.party, key, Power.SUBMIT)


def _take_files(request: DeskRequest, application: Application) -> list[tuple[str, str]]:
    """Every file that was chosen, whichever button was pressed; what is refused says why at its material."""
    problems = []
    acting = assist.draft_actor(request.actor, application.number)
    for name in request.FILES:
        if not name.startswith("file-"):
            continue
        for sent in request.FILES.getlist(name):
            key = name.removeprefix("file-")
            try:
                apply.attach_file(acting, application.number, key, cast("BinaryIO", sent), sent.name or "")
            except ServiceError as error:
                problems.append((f"m-{key}", f"{error.message}{error.hint}"))
    return problems


def _give_mandate(request: DeskRequest, number: str) -> None:
    powers, ends_on = _powers(request.POST.getlist("powers")), _ends_on(request.POST.get("ends_on", ""))
    signature: tuple[BinaryIO | bytes, str] | None = None
    way = MandateWay.PAD if request.POST.get("mandate") == "pad" else MandateWay.PAPER
    if way == MandateWay.PAD:
        strokes = assist_papers.read_strokes(request.POST.get("pad", ""))
        sheet = assist_papers.mandate_sheet(
            request.actor, number, powers=powers, ends_on=ends_on, strokes=strokes
        )
        signature = (sheet, "授权委托书.pdf")
    elif request.FILES.get("signed"):
        if not request.POST.get("seen"):
            raise Invalid.of_fields({"seen": _("请看一眼照片：上面有委托人的签名或指印，再勾选。")})
        sent = cast("UploadedFile[bytes]", request.FILES["signed"])
        signature = (cast("BinaryIO", sent), sent.name or "授权委托书")
    assist.give_mandate(request.actor, number, way=way, signature=signature, powers=powers, ends_on=ends_on)


def _powers(asked: list[str]) -> list[str]:
    return [str(power) for power in POWERS if power in asked]


def _ends_on(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default_end()


def default_end() -> date:
    """Half a year: long enough for the case and for collecting its result."""
    return clock.today() + timedelta(days=182)


def differences(application: Application, data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between the words here and those saved elsewhere: (field, here, elsewhere)."""
    compiled, answers = application.item_version.compiled, application.answers
    mine, theirs = (
        {
            field.name: field
            for section in forms.draw(compiled, answers, form)
            for entry in section.entries
            for field in entry.fields
        }
        for form in (data, application.form)
    )
    rows = []
    for name in {**mine, **theirs}:
        field = mine.get(name) or theirs[name]
        here = mine[name].shown_value if name in mine else ""
        there = theirs[name].shown_value if name in theirs else ""
        if here != there:
            rows.append((field.label, here, there))
    return rows


def _page(request: DeskRequest, application: Application, page: Page) -> HttpResponse:
    context = _context(request, application, page)
    return desk_page(request, "desk/draft.html", context, status=page.status)


def _context(request: DeskRequest, application: Application, page: Page) -> dict[str, Any]:
    acting = assist.draft_actor(request.actor, application.number)
    compiled = application.item_version.compiled
    known = apply.prefill(acting, application.number)
    filled = forms.prefilled(compiled, page.data, known) if application.revision == 0 else page.data
    sections = forms.draw(
        compiled, application.answers, filled, errors=page.errors, known=known, extra=page.extra
    )
    places = forms.places_of(sections)
    ready = apply.check(acting, application.number)
    is_helper = assist.is_helper(request.actor)
    party = application.party
    return {
        "application": application,
        "party": party,
        "sections": sections,
        "shape": forms.shape_of(sections),
        "errors": [*forms.told(places, page.errors), *page.problems],
        "problems": dict(page.problems),
        "conflict": page.conflict,
        "materials": ready.materials,
        "counts": proof_counts(ready.materials),
        "agreed": page.agreed,
        "is_helper": is_helper,
        "mandate": _mandate_of(request, application) if is_helper else None,
        "powers": [(str(power), str(power.label)) for power in POWERS],
        "ends_on": default_end(),
        "trail": [
            (_("受理"), reverse("desk:intake")),
            (party.name, reverse("desk:intake-person", args=[party.number])),
        ],
    }


@staff_only
@require_POST
def autosave(request: DeskRequest, number: str) -> HttpResponse:
    """Keep what is typed; the answer carries the new revision, and the form anew where its shape has changed."""
    application = cases_read.get_assisted(request.actor, number)
    if application.state == ApplicationState.SUBMITTED:
        return JsonResponse({"problem": _("这份申请已经提交。"), "is_over": True}, status=409)
    compiled = application.item_version.compiled
    data = forms.data_of(compiled, request.POST)
    acting = assist.draft_actor(request.actor, number)
    try:
        revision = apply.save_draft(acting, number, data, whole_number(request, "revision")).revision
    except ApplicationStale as error:
        fresh = cases_read.get_assisted(request.actor, number)
        if fresh.form != data:
            context = {"conflict": differences(fresh, data), "application": fresh}
            html = render_to_string("desk/_draft_conflict.html", context, request=request)
            return JsonResponse(
                {"problem": error.message, "html": html, "revision": fresh.revision}, status=409
            )
        revision = fresh.revision
    except Invalid as error:
        return JsonResponse({"problem": f"{error.message}{error.hint}"}, status=422)
    answer: dict[str, Any] = {"revision": revision, "at": f"{timezone.localtime(clock.now()):%H:%M}"}
    known = apply.prefill(acting, number)
    sections = forms.draw(compiled, application.answers, data, known=known)
    if forms.shape_of(sections) != request.POST.get("shape"):
        answer["shape"] = forms.shape_of(sections)
        answer["html"] = render_to_string(
            "shared/_form_sections.html", {"sections": sections}, request=request
        )
    return JsonResponse(answer)


@staff_only
@xframe_options_sameorigin
@require_safe
def draft_file(request: DeskRequest, number: str, file_number: str) -> FileResponse:
    """A file of one's own draft."""
    application = cases_read.get_assisted(request.actor, number)
    row: ApplicationFile | None = (
        application.files.filter(file__number=file_number, removed_at=None).select_related("file").first()
    )
    if row is None:
        raise FileNotFound("找不到这个文件。", hint="请从草稿页面重新打开。")
    return stored_file_response(row.file)


@staff_only
@xframe_options_sameorigin
@require_safe
def mandate_sheet(request: DeskRequest, number: str) -> FileResponse:
    """The 授权委托书 to be printed, read out and signed."""
    powers = _powers(request.GET.getlist("powers")) or [str(power) for power in POWERS]
    sheet = assist_papers.mandate_sheet(
        request.actor, number, powers=powers, ends_on=_ends_on(request.GET.get("ends_on", ""))
    )
    return guarded_response(
        BytesIO(sheet), media_type="application/pdf", name="授权委托书.pdf", is_inline=True
    )
